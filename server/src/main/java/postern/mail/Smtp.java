package postern.mail;

import jakarta.mail.Authenticator;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.PasswordAuthentication;
import jakarta.mail.SendFailedException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Date;
import java.util.Properties;
import org.eclipse.angus.mail.smtp.SMTPTransport;

/** A mail server that takes what is sent. Safe for many threads. */
public final class Smtp {
  /** What came of sending. */
  sealed interface Outcome {
    record Sent() implements Outcome {}

    /** The server will never take it. */
    record Refused(String reason) implements Outcome {}

    /** It may take it later. */
    record Unavailable(String reason) implements Outcome {}
  }

  private static final int SUBMISSION_PORT = 587;

  /** Time-outs that one mail may take: it ends before its lease, or two servers would send it. */
  private static final int TIMEOUTS_MAX = 3;

  private static final int SUBMISSIONS_PORT = 465;

  /** RFC 5321, section 4.1.1.1: a domain or an address literal. */
  private static final String EHLO_NAME =
      "[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?|\\[[0-9A-Za-z.:]{3,45}]";

  private final Session session;
  private final Session internationalSession;
  private final InternetAddress from;
  private final Duration timeout;

  /**
   * Describes a server; nothing is connected yet.
   *
   * @param url {@code smtp://user:password@host:port}, which takes TLS up where the server has it;
   *     {@code smtp+starttls://}, which insists on it; {@code smtps://}, which begins with it
   * @param from the sender, such as {@code Postern <postern@example.com>}
   * @param ehloName what the server calls itself in EHLO; empty for the name of the machine
   * @param timeout for each step
   * @throws IllegalArgumentException whose message says what is wrong, without the password
   */
  public Smtp(String url, String from, String ehloName, Duration timeout) {
    this.timeout = timeout;
    this.from = MailAddresses.sender(from);
    URI server = uriOf(url);
    Properties properties = properties(server, timeout);
    if (!ehloName.isEmpty()) {
      if (!ehloName.matches(EHLO_NAME)) {
        throw new IllegalArgumentException(
            "mail.ehlo-name must be a host name such as mail.example.com, or an address such as"
                + " [192.0.2.1]");
      }
      properties.put("mail.smtp.localhost", ehloName);
    }
    this.session = session(server, properties);
    Properties international = new Properties();
    international.putAll(properties);
    international.put("mail.mime.allowutf8", "true");
    this.internationalSession = session(server, international);
  }

  private static Session session(URI server, Properties properties) {
    String user = server.getRawUserInfo();
    return user == null
        ? Session.getInstance(properties)
        : Session.getInstance(properties, new Credentials(user));
  }

  private static URI uriOf(String url) {
    try {
      URI server = URI.create(url);
      String scheme = String.valueOf(server.getScheme());
      if (server.getHost() != null && scheme.matches("smtp|smtps|smtp\\+starttls")) {
        return server;
      }
    } catch (IllegalArgumentException e) {
      // Its message would quote the password.
    }
    throw new IllegalArgumentException(
        "mail.url must be like smtp://user:password@host:587 or smtps://user:password@host:465");
  }

  private static Properties properties(URI server, Duration timeout) {
    boolean isTls = server.getScheme().equals("smtps");
    int port = server.getPort();
    int usual = isTls ? SUBMISSIONS_PORT : SUBMISSION_PORT;
    Properties properties = new Properties();
    properties.put("mail.transport.protocol", "smtp");
    properties.put("mail.smtp.host", server.getHost());
    properties.put("mail.smtp.port", Integer.toString(port < 0 ? usual : port));
    properties.put("mail.smtp.ssl.enable", Boolean.toString(isTls));
    properties.put("mail.smtp.ssl.checkserveridentity", "true");
    properties.put("mail.smtp.starttls.enable", Boolean.toString(!isTls));
    properties.put(
        "mail.smtp.starttls.required", Boolean.toString(server.getScheme().endsWith("starttls")));
    properties.put("mail.smtp.auth", Boolean.toString(server.getRawUserInfo() != null));
    String millis = Long.toString(timeout.toMillis());
    properties.put(
        "mail.smtp.socketFactory", new MeteredSockets(timeout.multipliedBy(TIMEOUTS_MAX)));
    properties.put("mail.smtp.connectiontimeout", millis);
    properties.put("mail.smtp.timeout", millis);
    properties.put("mail.smtp.writetimeout", millis);
    return properties;
  }

  /** How long each step may take. */
  Duration timeout() {
    return timeout;
  }

  /** Sends a mail, in a connection of its own. */
  Outcome send(Mail mail) {
    try {
      InternetAddress recipient = MailAddresses.recipient(mail.recipient());
      boolean isInternational =
          MailAddresses.isInternational(recipient) || MailAddresses.isInternational(from);
      Session chosen = isInternational ? internationalSession : session;
      try (Transport transport = chosen.getTransport()) {
        transport.connect();
        if (isInternational && !takesInternational(transport)) {
          return new Outcome.Refused("the mail server does not offer SMTPUTF8");
        }
        MimeMessage message = messageOf(chosen, recipient, mail);
        message.saveChanges();
        transport.sendMessage(message, message.getAllRecipients());
      }
      return new Outcome.Sent();
    } catch (SendFailedException | AddressException e) {
      return isRefusal(e) ? new Outcome.Refused(kindOf(e)) : new Outcome.Unavailable(kindOf(e));
    } catch (MessagingException e) {
      return new Outcome.Unavailable(kindOf(e));
    }
  }

  /** RFC 6531, section 3.1: only to such a server a mailbox may be named in other letters. */
  private static boolean takesInternational(Transport transport) {
    return transport instanceof SMTPTransport smtp && smtp.supportsExtension("SMTPUTF8");
  }

  private MimeMessage messageOf(Session chosen, InternetAddress recipient, Mail mail)
      throws MessagingException {
    MimeMessage message = new MimeMessage(chosen);
    message.setFrom(from);
    message.setRecipient(Message.RecipientType.TO, recipient);
    message.setSubject(oneLine(mail.letter().subject()), StandardCharsets.UTF_8.name());
    message.setText(mail.letter().text(), StandardCharsets.UTF_8.name());
    message.setSentDate(Date.from(mail.createdAt()));
    // RFC 3834: nobody's "out of office" is to answer.
    message.setHeader("Auto-Submitted", "auto-generated");
    return message;
  }

  /** A line break in a subject would begin another header. */
  private static String oneLine(String subject) {
    return subject.replaceAll("[\\p{Cntrl}\\x{85}\\x{2028}\\x{2029}]+", " ");
  }

  /** A server that says 4xx wants to be asked again (RFC 5321, section 4.2.1). */
  private static boolean isRefusal(MessagingException e) {
    for (Exception at = e; at instanceof MessagingException; ) {
      if (at instanceof org.eclipse.angus.mail.smtp.SMTPAddressFailedException failed) {
        return failed.getReturnCode() >= 500;
      }
      if (at instanceof org.eclipse.angus.mail.smtp.SMTPSendFailedException failed) {
        return failed.getReturnCode() >= 500;
      }
      Exception next = ((MessagingException) at).getNextException();
      if (next == null) {
        break;
      }
      at = next;
    }
    return e instanceof AddressException;
  }

  /** What the server said, without addresses: this ends in a log. */
  private static String kindOf(MessagingException e) {
    Exception last = e;
    while (last instanceof MessagingException outer && outer.getNextException() != null) {
      last = outer.getNextException();
    }
    return last.getClass().getSimpleName();
  }

  private static final class Credentials extends Authenticator {
    private final String user;
    private final String password;

    Credentials(String userInfo) {
      int colon = userInfo.indexOf(':');
      this.user = decoded(colon < 0 ? userInfo : userInfo.substring(0, colon));
      this.password = colon < 0 ? "" : decoded(userInfo.substring(colon + 1));
    }

    private static String decoded(String text) {
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    @Override
    protected PasswordAuthentication getPasswordAuthentication() {
      return new PasswordAuthentication(user, password);
    }
  }
}
