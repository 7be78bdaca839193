package postern.dashboard;

import java.util.List;
import java.util.Optional;
import postern.accounts.UserLimits;
import postern.core.ApiException;
import postern.core.Checks;
import postern.core.ErrorCode;
import postern.http.Access;
import postern.http.Answer;
import postern.http.Call;
import postern.http.Route;
import postern.http.RouteClass;
import postern.people.PasswordRules;
import postern.people.Token;

/** Lost passwords, and what else is behind the links of mails. */
public final class LinkPages {
  /** What the page for a lost password shows. */
  public record ForgotView(Form form, boolean canReset) {}

  /** What the page for a new password shows. */
  public record ResetView(Form form, String action, int passwordLengthMin) {}

  /**
   * What a page with one button shows. Some mail programs open every link: nothing happens before
   * the button.
   */
  public record ButtonView(String action, String text, String button) {}

  private final Html html;
  private final Parts parts;

  LinkPages(Html html, Parts parts) {
    this.html = html;
    this.parts = parts;
  }

  List<Route> routes() {
    return List.of(
        new Route("GET", "/forgot-password", Access.PUBLIC, c -> forgotPage(200, c, Form.EMPTY)),
        new Route("POST", "/forgot-password", Access.PUBLIC, Browser.checked(this::forgot))
            .as(RouteClass.SIGN_UP),
        new Route("GET", "/reset-password/{token}", Access.PUBLIC, this::resetPage),
        new Route("POST", "/reset-password/{token}", Access.PUBLIC, Browser.checked(this::reset))
            .as(RouteClass.LOG_IN),
        new Route("GET", "/verify/{token}", Access.PUBLIC, this::verifyPage),
        new Route("POST", "/verify/{token}", Access.PUBLIC, Browser.checked(this::verify)),
        new Route("GET", "/change-email/{token}", Access.SESSION, this::changeEmailPage),
        new Route(
            "POST", "/change-email/{token}", Access.SESSION, Browser.checked(this::changeEmail)),
        new Route("GET", "/stop-email-change/{token}", Access.PUBLIC, this::stopPage),
        new Route(
            "POST", "/stop-email-change/{token}", Access.PUBLIC, Browser.checked(this::stop)));
  }

  private Answer forgotPage(int status, Call call, Form form) {
    return html.open(
        status,
        call,
        "Forgotten password",
        "forgotPassword",
        new ForgotView(form, parts.people().outbox().isOpen()));
  }

  private Answer forgot(Call call) {
    return Forms.submit(
        call,
        List.of("email"),
        () -> {
          Checks checks = new Checks();
          Optional<String> email = UserLimits.email(checks, "email", call.params().get("email"));
          Forms.require(checks, email, "email");
          checks.throwIfAny();
          parts.people().resetPassword().request(email.orElseThrow());
          return html.open(
              200,
              call,
              "Check your mail",
              "mailSent",
              new SignUpPages.SentView(email.orElseThrow(), parts.people().outbox().isCapturing()));
        },
        (status, form) -> forgotPage(status, call, form));
  }

  private Answer resetPage(Call call) {
    boolean isOpen = parts.people().resetPassword().isOpen(tokenIn(call));
    return isOpen ? resetPage(200, call, Form.EMPTY) : tooOld(html, call);
  }

  private Answer resetPage(int status, Call call, Form form) {
    return html.open(
        status,
        call,
        "Choose a new password",
        "resetPassword",
        new ResetView(form, "/reset-password/" + call.id(), PasswordRules.LENGTH_MIN));
  }

  private Answer reset(Call call) {
    if (!parts.people().resetPassword().isOpen(tokenIn(call))) {
      return tooOld(html, call);
    }
    return Forms.submit(
        call,
        List.of(),
        () -> {
          Checks checks = new Checks();
          Optional<String> password =
              PasswordRules.newPassword(checks, "password", call.params().get("password"));
          Forms.require(checks, password, "password");
          checks.throwIfAny();
          parts.people().resetPassword().run(tokenIn(call), password.orElseThrow());
          return Browser.goTo(Notice.PASSWORD_RESET.at("/log-in"));
        },
        (status, form) -> resetPage(status, call, form));
  }

  private Answer verifyPage(Call call) {
    return parts.people().verifyEmail().isOpen(tokenIn(call))
        ? html.open(
            200,
            call,
            "Confirm your e-mail address",
            "linkButton",
            new ButtonView(
                "/verify/" + call.id(), "One press, and we know that mail reaches you.", "Confirm"))
        : tooOld(html, call);
  }

  private Answer verify(Call call) {
    parts.people().verifyEmail().run(tokenIn(call));
    return Browser.goTo(Notice.EMAIL_VERIFIED.at("/overview"));
  }

  private Answer changeEmailPage(Call call) {
    return parts
        .people()
        .changeEmail()
        .find(call.caller(), tokenIn(call))
        .map(
            email ->
                html.open(
                    200,
                    call,
                    "Confirm your new e-mail address",
                    "linkButton",
                    new ButtonView(
                        "/change-email/" + call.id(),
                        "From now on you log in with " + email + ".",
                        "Change the address")))
        .orElseGet(() -> tooOld(html, call));
  }

  private Answer changeEmail(Call call) {
    parts.people().changeEmail().run(call.caller(), tokenIn(call));
    return Browser.goTo(Notice.EMAIL_CHANGED.at("/overview"));
  }

  private Answer stopPage(Call call) {
    return parts.people().changeEmail().canStop(tokenIn(call))
        ? html.open(
            200,
            call,
            "Stop the change of your e-mail address",
            "linkButton",
            new ButtonView(
                "/stop-email-change/" + call.id(),
                "Your address stays as it is, and every session is ended. Then choose a new"
                    + " password: a person who knows yours has asked for the change.",
                "Stop the change"))
        : tooOld(html, call);
  }

  private Answer stop(Call call) {
    parts.people().changeEmail().stop(tokenIn(call));
    return Browser.goTo(Notice.EMAIL_CHANGE_STOPPED.at("/forgot-password"));
  }

  /** What somebody sees who opens a link twice, or too late. */
  static Answer tooOld(Html html, Call call) {
    return html.open(404, call, "This link does not work any more", "linkTooOld", "");
  }

  private static Token tokenIn(Call call) {
    return Token.parse(call.id()).orElseThrow(() -> new ApiException.Refused(ErrorCode.NOT_FOUND));
  }
}
