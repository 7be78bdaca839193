package postern.dashboard;

import java.util.List;
import postern.core.ApiException;
import postern.core.ErrorCode;
import postern.core.MailId;
import postern.core.Mode;
import postern.core.Principal;
import postern.http.Access;
import postern.http.Answer;
import postern.http.Call;
import postern.http.Route;
import postern.keys.ApiKey;
import postern.mail.Mail;

/**
 * What developers need: the base URL, a first call in each language, and mail that was captured.
 */
public final class DeveloperPages {
  /**
   * What the page shows.
   *
   * @param url the base URL
   * @param hasMailbox whether mail is captured on this server
   */
  public record DevelopersView(String url, List<Sample> samples, boolean hasMailbox) {}

  /** How a client is made. */
  public record Sample(String language, String code) {}

  private final Html html;
  private final Parts parts;

  DeveloperPages(Html html, Parts parts) {
    this.html = html;
    this.parts = parts;
  }

  List<Route> routes() {
    return List.of(
        new Route("GET", "/developers", Access.SESSION, this::developers),
        new Route("GET", "/dev/mail", Access.PUBLIC, this::mailbox),
        new Route("GET", "/dev/mail/{id}", Access.PUBLIC, this::mail));
  }

  private Answer developers(Call call) {
    Principal caller = call.caller();
    String url = parts.setup().publicUrl().get();
    String key =
        parts.keys().accountKeys().of(caller, caller.root()).stream()
            .filter(each -> each.mode() == Mode.TEST && each.active())
            .map(ApiKey::text)
            .findFirst()
            .orElse("YOUR_TEST_KEY");
    DevelopersView view =
        new DevelopersView(url, samples(url, key), parts.people().outbox().isCapturing());
    return html.page(call, "/developers", "Developers", "developers", view);
  }

  /** As docs/compatibility.md and the README have them. */
  private static List<Sample> samples(String url, String key) {
    return List.of(
        new Sample("curl", "curl -u %s: %s/v2/events".formatted(key, url)),
        new Sample("Java", "new EasyPostClient(\"%s\", \"%s\")".formatted(key, url)),
        new Sample("Node", "new EasyPostClient('%s', { baseUrl: '%s/v2/' })".formatted(key, url)),
        new Sample(
            "Python", "easypost.EasyPostClient(\"%s\", api_base=\"%s/v2\")".formatted(key, url)),
        new Sample(
            "Ruby", "EasyPost::Client.new(api_key: '%s', api_base: '%s')".formatted(key, url)),
        new Sample("PHP", "new \\EasyPost\\EasyPostClient('%s', 60.0, '%s')".formatted(key, url)),
        new Sample(
            "Go",
            "client := easypost.New(\"%s\")\nclient.BaseURL, _ = url.Parse(\"%s/v2/\")"
                .formatted(key, url)),
        new Sample(
            "C#",
            "new Client(new ClientConfiguration(\"%s\") { ApiBase = \"%s\" })"
                .formatted(key, url)));
  }

  private Answer mailbox(Call call) {
    requireMailbox();
    return html.open(200, call, "Captured mail", "mailbox", parts.people().outbox().captured());
  }

  private Answer mail(Call call) {
    requireMailbox();
    Mail mail =
        MailId.parse(call.id())
            .flatMap(id -> parts.people().outbox().captured(id))
            .orElseThrow(() -> new ApiException.Refused(ErrorCode.NOT_FOUND));
    return html.open(200, call, mail.letter().subject(), "mail", MailView.of(mail));
  }

  private void requireMailbox() {
    if (!parts.people().outbox().isCapturing()) {
      throw new ApiException.Refused(ErrorCode.NOT_FOUND);
    }
  }

  /**
   * What the page of one mail shows.
   *
   * @param lines of the text; one that is a link is shown as such
   */
  public record MailView(Mail mail, List<MailLine> lines) {
    static MailView of(Mail mail) {
      return new MailView(mail, mail.letter().text().lines().map(MailLine::of).toList());
    }
  }

  /**
   * A line of a mail, split where its link begins.
   *
   * @param link empty where there is none
   */
  public record MailLine(String text, String link) {
    static MailLine of(String line) {
      int start = line.indexOf("http");
      return start < 0
          ? new MailLine(line, "")
          : new MailLine(line.substring(0, start), line.substring(start));
    }
  }
}
