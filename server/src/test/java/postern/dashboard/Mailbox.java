package postern.dashboard;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import postern.main.TestServer;

/** The captured mails of a server, as its page of mails shows them. */
final class Mailbox {
  private final TestServer server;

  Mailbox(TestServer server) {
    this.server = server;
  }

  /** The texts of the mails to an address, the newest first. */
  List<String> to(String email) {
    Visitor reader = new Visitor(server);
    return Pattern.compile("/dev/mail/mail_[0-9a-f]{32}")
        .matcher(reader.get("/dev/mail").body())
        .results()
        .map(found -> reader.get(found.group()).body())
        .filter(body -> body.contains("To " + email + ","))
        .toList();
  }

  /** The path of the newest link of a kind in the mails to an address. */
  String link(String email, String kind) {
    Pattern link = Pattern.compile("href=\"http://localhost:\\d+(/" + kind + "/[^\"]+)\"");
    return to(email).stream()
        .map(link::matcher)
        .filter(Matcher::find)
        .map(found -> found.group(1))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no mail with a link of " + kind + " to " + email));
  }
}
