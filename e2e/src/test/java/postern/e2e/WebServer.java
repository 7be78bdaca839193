package postern.e2e;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.GreenMailUtil;
import com.icegreen.greenmail.util.ServerSetup;
import com.microsoft.playwright.Page;
import jakarta.mail.internet.MimeMessage;
import java.util.Arrays;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A server with a real mail server beside it, and what people do with the two. */
final class WebServer implements AutoCloseable {
  /** Of every account that tests open. */
  static final String PASSWORD = "four words are enough";

  private static final int MAIL_WITHIN_SECONDS = 10;
  private static final Pattern LINK = Pattern.compile("http://\\S+");

  private final GreenMail mail;
  private final DevServer server;
  private final Chromium chromium;

  private WebServer(GreenMail mail, DevServer server, Chromium chromium) {
    this.mail = mail;
    this.server = server;
    this.chromium = chromium;
  }

  static WebServer start(String name) throws Exception {
    GreenMail mail = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
    mail.start();
    String url = "smtp://127.0.0.1:" + mail.getSmtp().getPort();
    DevServer server = DevServer.start(name, Map.of("POSTERN_MAIL_URL", url));
    return new WebServer(mail, server, Chromium.open(server.fact("http")));
  }

  DevServer server() {
    return server;
  }

  Chromium chromium() {
    return chromium;
  }

  /** The newest mail to an address whose subject holds a text, once it has come. */
  String mailTo(String address, String subject) throws Exception {
    MimeMessage[] found = new MimeMessage[1];
    Waiting.until(
        "mail to " + address + " about " + subject,
        MAIL_WITHIN_SECONDS,
        () -> {
          for (MimeMessage each : mail.getReceivedMessages()) {
            String to = Arrays.toString(each.getAllRecipients());
            if (to.contains(address) && each.getSubject().contains(subject)) {
              found[0] = each;
            }
          }
          return found[0] != null;
        });
    return GreenMailUtil.getBody(found[0]);
  }

  /** How many mails have come to an address. */
  long mailsTo(String address) throws Exception {
    long count = 0;
    for (MimeMessage each : mail.getReceivedMessages()) {
      count += Arrays.toString(each.getAllRecipients()).contains(address) ? 1 : 0;
    }
    return count;
  }

  /** The first link in a mail. */
  static String linkIn(String body) {
    Matcher matcher = LINK.matcher(body);
    if (!matcher.find()) {
      throw new AssertionError("no link in " + body);
    }
    return matcher.group();
  }

  /** Opens an account as people do, through the mail; the page that it ends on. */
  Page signUp(Page page, String name, String email) throws Exception {
    page.navigate("/sign-up");
    page.getByLabel("Name").fill(name);
    page.getByLabel("E-mail").fill(email);
    page.getByLabel("Password").fill(PASSWORD);
    page.getByText("Open the account").click();
    page.getByText("Check your mail").waitFor();
    page.navigate(linkIn(mailTo(email, "Confirm your e-mail address")));
    page.getByText("Confirm and log in").click();
    page.waitForURL("**/overview**");
    return page;
  }

  /** Logs in with a password. */
  void logIn(Page page, String email, String password) {
    page.navigate("/log-in");
    page.getByLabel("E-mail").fill(email);
    page.getByLabel("Password").fill(password);
    page.locator("main button").click();
  }

  /** Logs in as the account that every server for development has. */
  void logInAsDeveloper(Page page) {
    logIn(page, server.fact("email"), server.fact("password"));
    page.waitForURL("**/overview**");
  }

  @Override
  public void close() {
    chromium.close();
    server.close();
    mail.stop();
  }
}
