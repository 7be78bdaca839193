package postern.dashboard;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import postern.core.ErrorCode;
import postern.http.Answer;
import postern.http.Handler;
import postern.http.Route;

/** The web side: all its routes, and what a browser is shown when something is refused. */
public final class Dashboard {
  /** What the page for a refusal shows. */
  public record ErrorView(String title, String text, String requestId) {}

  /**
   * What is downloaded: the same as over the API.
   *
   * @param audit the audit log as CSV
   * @param statement a month of the ledger as CSV
   */
  public record Exports(Handler audit, Handler statement) {}

  private final Assets assets = new Assets();
  private final Html html;
  private final Parts parts;
  private final Exports exports;

  public Dashboard(Parts parts, Exports exports) {
    this.html = new Html(parts.setup().random(), assets.paths(), parts.setup().product());
    this.parts = parts;
    this.exports = exports;
  }

  /** All routes of the web side. */
  public List<Route> routes() {
    return Stream.of(
            assets.routes(),
            new LogInPages(html, parts).routes(),
            new SignUpPages(html, parts).routes(),
            new LinkPages(html, parts).routes(),
            new OverviewPage(html, parts).routes(),
            new KeysPages(html, parts).routes(),
            new ChildrenPages(html, parts).routes(),
            new WebhookPages(html, parts).routes(),
            new EventPages(html, parts).routes(),
            new BillingPages(html, parts, exports.statement()).routes(),
            new AuditPages(html, parts, exports.audit()).routes(),
            new ProfilePages(html, parts).routes(),
            new DeveloperPages(html, parts).routes())
        .flatMap(List::stream)
        .toList();
  }

  /** What a person sees whose request was refused; one who has to log in is led there. */
  public Answer error(ErrorCode code, String path, String requestId) {
    if (code == ErrorCode.UNAUTHORIZED) {
      return Browser.goTo(path.isEmpty() ? "/log-in" : "/log-in?next=" + Forms.encoded(path));
    }
    ErrorView view =
        switch (code.status()) {
          case 404 ->
              new ErrorView(
                  "There is nothing here",
                  "The address is wrong, or what was here is gone.",
                  requestId);
          case 403 -> new ErrorView("This form has expired", formText(code), requestId);
          case 429, 503 ->
              new ErrorView(
                  "The server is busy",
                  "Nothing was lost. Please wait a moment and try again.",
                  requestId);
          case 500 ->
              new ErrorView(
                  "Something went wrong",
                  "It is not your fault, and nothing was changed. Please try again; if it stays,"
                      + " tell whoever runs this server the number below.",
                  requestId);
          default -> new ErrorView("This did not work", code.message(), requestId);
        };
    return html.plain(code.status(), view.title(), "error", view);
  }

  private static String formText(ErrorCode code) {
    return Optional.of(code)
        .filter(ErrorCode.FORM_EXPIRED::equals)
        .map(
            _ ->
                "Go back, reload the page and send it again. If it happens again, your browser does"
                    + " not keep this server's cookie: it does so over HTTPS, and on localhost.")
        .orElse(code.message());
  }
}
