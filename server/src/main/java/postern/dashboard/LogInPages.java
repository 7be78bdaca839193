package postern.dashboard;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import postern.core.Checks;
import postern.core.ErrorCode;
import postern.http.Access;
import postern.http.Answer;
import postern.http.Call;
import postern.http.Params;
import postern.http.Route;
import postern.http.RouteClass;
import postern.people.LogIn;
import postern.people.PasswordRules;
import postern.people.Token;

/** Logging in and out, and giving the password again before secrets are shown. */
public final class LogInPages {
  /**
   * What the page to log in shows.
   *
   * @param next where to go then
   */
  public record LogInView(Form form, String next, boolean canSignUp, boolean canReset) {}

  /** What the page for the code shows. */
  public record CodeView(Form form, String next) {}

  /** What the page for the password shows. */
  public record ConfirmView(Form form, String next) {}

  private static final int TEXT_LENGTH_MAX = 255;
  private static final int CODE_LENGTH_MAX = 40;

  private final Html html;
  private final Parts parts;

  LogInPages(Html html, Parts parts) {
    this.html = html;
    this.parts = parts;
  }

  List<Route> routes() {
    return List.of(
        new Route("GET", "/log-in", Access.PUBLIC, call -> logInPage(200, call, Form.EMPTY)),
        new Route("POST", "/log-in", Access.PUBLIC, Browser.checked(this::logIn))
            .as(RouteClass.LOG_IN),
        new Route("GET", "/log-in/code", Access.PUBLIC, this::codePage),
        new Route("POST", "/log-in/code", Access.PUBLIC, Browser.checked(this::code))
            .as(RouteClass.LOG_IN),
        new Route("POST", "/log-out", Access.PUBLIC, Browser.checked(this::logOut)),
        new Route("GET", "/confirm", Access.SESSION, call -> confirmPage(200, call, Form.EMPTY)),
        new Route("POST", "/confirm", Access.SESSION, Browser.checked(this::confirm))
            .as(RouteClass.LOG_IN));
  }

  private Answer logInPage(int status, Call call, Form form) {
    LogInView view =
        new LogInView(
            form,
            nextIn(call.params()),
            parts.setup().signUp() == Parts.SignUpMode.OPEN,
            parts.people().outbox().isOpen());
    return html.open(status, call, "Log in", "logIn", view);
  }

  private Answer logIn(Call call) {
    Params given = call.params();
    Checks checks = new Checks();
    Optional<String> email = checks.text("email", given.get("email"), TEXT_LENGTH_MAX);
    Optional<String> password =
        checks.secret("password", given.get("password"), PasswordRules.LENGTH_MAX);
    return Forms.submit(
        call,
        List.of("email"),
        () -> {
          checks.throwIfAny();
          LogIn.Begun begun =
              parts
                  .people()
                  .logIn()
                  .run(
                      email.orElse(""),
                      password.orElse(""),
                      Browser.of(call),
                      Browser.knownBy(call));
          String next = nextIn(given);
          return Browser.remember(
              Browser.keep(
                  Browser.goTo(
                      begun.awaitsCode() ? "/log-in/code?next=" + Forms.encoded(next) : next),
                  begun.token()),
              begun.browser());
        },
        (status, form) -> logInPage(status, call, form));
  }

  private Answer codePage(Call call) {
    Optional<Token> waiting =
        Browser.of(call).filter(token -> parts.people().logIn().awaitsCode(token));
    return waiting.isPresent() ? codePage(200, call, Form.EMPTY) : Browser.goTo("/log-in");
  }

  private Answer codePage(int status, Call call, Form form) {
    return html.open(
        status, call, "Enter your code", "logInCode", new CodeView(form, nextIn(call.params())));
  }

  private Answer code(Call call) {
    Params given = call.params();
    Checks checks = new Checks();
    Optional<String> code = checks.text("code", given.get("code"), CODE_LENGTH_MAX);
    return Forms.submit(
        call,
        List.of(),
        () -> {
          checks.throwIfAny();
          LogIn.Begun begun =
              parts
                  .people()
                  .logIn()
                  .code(Browser.require(call), code.orElse(""), Browser.knownBy(call));
          return Browser.remember(
              Browser.keep(Browser.goTo(nextIn(given)), begun.token()), begun.browser());
        },
        (status, form) ->
            form.problem().isPresent() && status == ErrorCode.LOGIN_FAILED.status()
                ? Browser.goTo("/log-in")
                : codePage(status, call, form));
  }

  private Answer logOut(Call call) {
    Browser.of(call).ifPresent(parts.people().logIn()::out);
    return Browser.forget(Browser.goTo(Notice.LOGGED_OUT.at("/log-in")));
  }

  private Answer confirmPage(int status, Call call, Form form) {
    return html.page(
        status,
        call,
        "",
        "Enter your password",
        "confirm",
        new ConfirmView(form, nextIn(call.params())));
  }

  private Answer confirm(Call call) {
    Checks checks = new Checks();
    Optional<String> password =
        checks.secret("password", call.params().get("password"), PasswordRules.LENGTH_MAX);
    return Forms.submit(
        call,
        List.of(),
        () -> {
          checks.throwIfAny();
          parts.people().sessions().confirm(call.caller(), password, "password");
          return Browser.goTo(nextIn(call.params()));
        },
        (status, form) -> confirmPage(status, call, form));
  }

  /** Where to go then: a page of this server's and no other, whoever made the link. */
  static String nextIn(Params given) {
    return given.get("next") instanceof String next && isOwnPage(next) ? next : "/overview";
  }

  private static boolean isOwnPage(String next) {
    return next.length() <= TEXT_LENGTH_MAX && next.matches("/[a-z][a-zA-Z0-9_/=&?.-]*");
  }

  /** What is done only for somebody who has given the password not long ago. */
  static Answer confirmed(Parts parts, Call call, String next, Supplier<Answer> work) {
    return parts.people().sessions().isConfirmed(call.caller())
        ? work.get()
        : Browser.goTo("/confirm?next=" + Forms.encoded(next));
  }
}
