package postern.dashboard;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.WriterOutput;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import postern.core.Credential;
import postern.core.Principal;
import postern.http.Answer;
import postern.http.Call;
import postern.people.Sessions;
import postern.people.Token;

/** Makes pages of templates. Safe for many threads. */
final class Html {
  /**
   * Nothing but this server's own files, and no script within a page: text that slips through
   * unescaped stays text.
   */
  private static final String CONTENT_SECURITY_POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
          + " connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

  private final TemplateEngine templates = TemplateEngine.createPrecompiled(ContentType.Html);
  private final RandomGenerator random;
  private final Assets.Paths assets;
  private final String product;

  Html(RandomGenerator random, Assets.Paths assets, String product) {
    this.random = random;
    this.assets = assets;
    this.product = product;
  }

  /** A page for somebody who has logged in. */
  Answer page(Call call, String section, String title, String template, Object view) {
    return page(200, call, section, title, template, view);
  }

  /** The same with a status. */
  Answer page(int status, Call call, String section, String title, String template, Object view) {
    Token browser = Browser.require(call);
    return render(
        status,
        frame(title, section, browser.formToken(), Optional.of(call.caller()), call),
        template,
        view);
  }

  /** A page that is open to everybody. */
  Answer open(int status, Call call, String title, String template, Object view) {
    return Browser.withToken(
        call,
        random,
        token ->
            render(
                status,
                frame(title, "", token.formToken(), Optional.empty(), call),
                template,
                view));
  }

  /** A page that is made of no request. */
  Answer plain(int status, String title, String template, Object view) {
    Frame frame = new Frame(title, "", "", Optional.empty(), Optional.empty(), assets, product);
    return render(status, frame, template, view);
  }

  private Frame frame(
      String title, String section, String formToken, Optional<Principal> caller, Call call) {
    return new Frame(
        title,
        section,
        formToken,
        caller.map(Html::signedIn),
        Notice.in(call.params()).map(Notice::text),
        assets,
        product);
  }

  private static Frame.SignedIn signedIn(Principal caller) {
    Credential.Session session = Sessions.credentialOf(caller);
    return new Frame.SignedIn(session.name(), session.email());
  }

  private Answer render(int status, Frame frame, String template, Object view) {
    return Answer.text(
            status,
            "text/html; charset=utf-8",
            out ->
                templates.render(
                    template + ".jte", Map.of("frame", frame, "view", view), new WriterOutput(out)))
        .uncompressed()
        .header("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        .header("X-Frame-Options", "DENY")
        // A link from a mail is in the address of some pages.
        .header("Referrer-Policy", "no-referrer")
        .header("Cross-Origin-Opener-Policy", "same-origin");
  }
}
