package postern.dashboard;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import postern.accounts.SignUp;
import postern.accounts.UserLimits;
import postern.core.ApiException;
import postern.core.Checks;
import postern.core.ErrorCode;
import postern.http.Access;
import postern.http.Answer;
import postern.http.Call;
import postern.http.Params;
import postern.http.Route;
import postern.http.RouteClass;
import postern.people.Link;
import postern.people.PasswordRules;
import postern.people.Token;

/** Opening an account: by oneself, or by invitation. */
public final class SignUpPages {
  /**
   * What the page to sign up shows.
   *
   * @param action where the form is sent
   * @param invited the address that was invited; empty for who comes by oneself
   * @param passwordLengthMin in characters
   */
  public record SignUpView(
      Form form, String action, Optional<String> invited, int passwordLengthMin) {}

  /** What the page that says what to do next shows. */
  public record SentView(String email, boolean isCaptured) {}

  /**
   * What the page behind a link of a mail shows.
   *
   * @param action where the button is sent
   * @param asksPassword whether the password that was chosen has to be given
   */
  public record ConfirmView(Form form, String action, String email, boolean asksPassword) {}

  private final Html html;
  private final Parts parts;

  SignUpPages(Html html, Parts parts) {
    this.html = html;
    this.parts = parts;
  }

  List<Route> routes() {
    return List.of(
        new Route("GET", "/sign-up", Access.PUBLIC, this::signUpPage),
        new Route("POST", "/sign-up", Access.PUBLIC, Browser.checked(this::signUp))
            .as(RouteClass.SIGN_UP),
        new Route("GET", "/sign-up/{token}", Access.PUBLIC, this::confirmPage),
        new Route("POST", "/sign-up/{token}", Access.PUBLIC, Browser.checked(this::confirm))
            .as(RouteClass.SIGN_UP),
        new Route("GET", "/invitation/{token}", Access.PUBLIC, this::invitationPage),
        new Route("POST", "/invitation/{token}", Access.PUBLIC, Browser.checked(this::accept))
            .as(RouteClass.SIGN_UP));
  }

  private SignUp signUp() {
    return parts.people().signUp();
  }

  private Answer signUpPage(Call call) {
    return signUpPage(200, call, Form.EMPTY);
  }

  private Answer signUpPage(int status, Call call, Form form) {
    boolean isPossible =
        parts.setup().signUp() == Parts.SignUpMode.OPEN && parts.people().outbox().isOpen();
    return isPossible
        ? html.open(
            status,
            call,
            "Open an account",
            "signUp",
            new SignUpView(form, "/sign-up", Optional.empty(), PasswordRules.LENGTH_MIN))
        : closedPage(call);
  }

  private Answer closedPage(Call call) {
    return html.open(403, call, "Open an account", "signUpClosed", parts.setup().signUp());
  }

  private Answer signUp(Call call) {
    if (parts.setup().signUp() != Parts.SignUpMode.OPEN || !parts.people().outbox().isOpen()) {
      return signUpPage(403, call, Form.EMPTY);
    }
    return Forms.submit(
        call,
        List.of("name", "email"),
        () -> {
          SignUp.Command command = commandIn(call.params(), null);
          signUp().request(command, Browser.of(call));
          return html.open(
              200,
              call,
              "Check your mail",
              "mailSent",
              new SentView(command.email(), parts.people().outbox().isCapturing()));
        },
        (status, form) -> signUpPage(status, call, form));
  }

  /**
   * What somebody has typed.
   *
   * @param invited the address that is known already; null where it is typed too
   */
  private static SignUp.Command commandIn(Params given, @Nullable String invited) {
    Checks checks = new Checks();
    Optional<String> name = UserLimits.name(checks, "name", given.get("name"));
    Optional<String> email =
        invited == null
            ? UserLimits.email(checks, "email", given.get("email"))
            : Optional.of(invited);
    Optional<String> password =
        PasswordRules.newPassword(checks, "password", given.get("password"));
    Forms.require(checks, name, "name");
    Forms.require(checks, email, "email");
    Forms.require(checks, password, "password");
    checks.throwIfAny();
    return new SignUp.Command(name.orElseThrow(), email.orElseThrow(), password.orElseThrow());
  }

  private Answer confirmPage(Call call) {
    return linkIn(call, Link.Kind.SIGN_UP)
        .map(link -> confirmPage(200, call, link, Form.EMPTY))
        .orElseGet(() -> LinkPages.tooOld(html, call));
  }

  private Answer confirmPage(int status, Call call, Link link, Form form) {
    return html.open(
        status,
        call,
        "Confirm your e-mail address",
        "signUpConfirm",
        new ConfirmView(form, "/sign-up/" + call.id(), link.email(), !link.isOf(Browser.of(call))));
  }

  private Answer confirm(Call call) {
    Optional<Link> link = linkIn(call, Link.Kind.SIGN_UP);
    if (link.isEmpty()) {
      return LinkPages.tooOld(html, call);
    }
    Checks checks = new Checks();
    Optional<String> password =
        checks.secret("password", call.params().get("password"), PasswordRules.LENGTH_MAX);
    return Forms.submit(
        call,
        List.of(),
        () -> {
          checks.throwIfAny();
          Token token = signUp().confirm(tokenIn(call), Browser.of(call), password);
          return Browser.keep(Browser.goTo(Notice.WELCOME.at("/overview")), token);
        },
        (status, form) -> confirmPage(status, call, link.get(), form));
  }

  private Answer invitationPage(Call call) {
    if (parts.setup().signUp() == Parts.SignUpMode.CLOSED) {
      return closedPage(call);
    }
    return linkIn(call, Link.Kind.INVITATION)
        .map(link -> invitationPage(200, call, link, Form.EMPTY))
        .orElseGet(() -> LinkPages.tooOld(html, call));
  }

  private Answer invitationPage(int status, Call call, Link link, Form form) {
    return html.open(
        status,
        call,
        "Open an account",
        "signUp",
        new SignUpView(
            form, "/invitation/" + call.id(), Optional.of(link.email()), PasswordRules.LENGTH_MIN));
  }

  private Answer accept(Call call) {
    Optional<Link> link = linkIn(call, Link.Kind.INVITATION);
    if (parts.setup().signUp() == Parts.SignUpMode.CLOSED) {
      return closedPage(call);
    }
    if (link.isEmpty()) {
      return LinkPages.tooOld(html, call);
    }
    return Forms.submit(
        call,
        List.of("name"),
        () -> {
          SignUp.Command command = commandIn(call.params(), link.get().email());
          Token token =
              signUp().accept(tokenIn(call), command.name(), command.password(), Browser.of(call));
          return Browser.keep(Browser.goTo(Notice.WELCOME.at("/overview")), token);
        },
        (status, form) -> invitationPage(status, call, link.get(), form));
  }

  private Optional<Link> linkIn(Call call, Link.Kind kind) {
    return Token.parse(call.id()).flatMap(token -> signUp().find(kind, token));
  }

  private static Token tokenIn(Call call) {
    return Token.parse(call.id()).orElseThrow(() -> new ApiException.Refused(ErrorCode.NOT_FOUND));
  }
}
