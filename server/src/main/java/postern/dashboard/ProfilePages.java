package postern.dashboard;

import io.nayuki.qrcodegen.QrCode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import postern.accounts.UpdateUser;
import postern.accounts.UserLimits;
import postern.core.ApiException;
import postern.core.Checks;
import postern.core.ErrorCode;
import postern.core.Principal;
import postern.core.SessionId;
import postern.crypto.Totp;
import postern.http.Access;
import postern.http.Answer;
import postern.http.Call;
import postern.http.Params;
import postern.http.Route;
import postern.http.RouteClass;
import postern.people.PasswordRules;
import postern.people.Person;
import postern.people.Session;
import postern.people.Sessions;

/** What somebody changes about itself: name, address, password, second factor, sessions. */
public final class ProfilePages {
  /**
   * What the page shows.
   *
   * @param sendsMail whether mail reaches anybody
   */
  public record ProfileView(
      Person person,
      String account,
      int codesLeft,
      List<SessionRow> sessions,
      boolean sendsMail,
      int passwordLengthMin,
      Form form) {}

  /** A session, and whether it is the one that asks. */
  public record SessionRow(Session session, boolean isCurrent) {}

  /**
   * What the page to set the second factor up shows.
   *
   * @param path the dark modules of the QR picture, as a path
   * @param size of the picture, in modules
   * @param secret for those who type it
   */
  public record FactorView(String path, int size, String secret, Form form) {}

  private static final int QR_BORDER = 4;
  private static final int CODE_LENGTH_MAX = 40;

  private final Html html;
  private final Parts parts;

  ProfilePages(Html html, Parts parts) {
    this.html = html;
    this.parts = parts;
  }

  List<Route> routes() {
    Access access = Access.SESSION;
    return List.of(
        new Route("GET", "/profile", access, call -> page(200, call, Form.EMPTY)),
        new Route("POST", "/profile/name", access, Browser.checked(this::rename)),
        new Route("POST", "/profile/email", access, Browser.checked(this::changeEmail))
            .as(RouteClass.LOG_IN),
        new Route("POST", "/profile/verification", access, Browser.checked(this::verify)),
        new Route("POST", "/profile/password", access, Browser.checked(this::changePassword))
            .as(RouteClass.LOG_IN),
        new Route("GET", "/profile/second-factor", access, c -> factorPage(200, c, Form.EMPTY)),
        new Route("POST", "/profile/second-factor", access, Browser.checked(this::enableFactor)),
        new Route(
                "POST",
                "/profile/second-factor/disable",
                access,
                Browser.checked(this::disableFactor))
            .as(RouteClass.LOG_IN),
        new Route("POST", "/profile/recovery-codes", access, Browser.checked(this::renewCodes)),
        new Route("POST", "/profile/sessions/{id}/end", access, Browser.checked(this::endSession)),
        new Route("POST", "/profile/sessions/end", access, Browser.checked(this::endSessions)));
  }

  private Answer page(int status, Call call, Form form) {
    Principal caller = call.caller();
    Person person = parts.people().sessions().personOf(caller);
    SessionId current = Sessions.credentialOf(caller).id();
    String account = parts.accounts().users().get(caller, caller.root()).user().name();
    ProfileView view =
        new ProfileView(
            person,
            account,
            person.hasSecondFactor() ? parts.people().secondFactor().codesLeft(caller) : 0,
            parts.people().sessions().list(caller).stream()
                .map(session -> new SessionRow(session, session.id().equals(current)))
                .toList(),
            parts.people().outbox().isOpen(),
            PasswordRules.LENGTH_MIN,
            form.isRefused() ? form : Form.with(Map.of("name", account)));
    return html.page(status, call, "/profile", "Your profile", "profile", view);
  }

  private Answer rename(Call call) {
    return Forms.submit(
        call,
        List.of("name"),
        () -> {
          Checks checks = new Checks();
          Optional<String> name = UserLimits.name(checks, "name", call.params().get("name"));
          Forms.require(checks, name, "name");
          checks.throwIfAny();
          Principal caller = call.caller();
          parts
              .accounts()
              .updateUser()
              .run(caller, caller.root(), UpdateUser.Command.ofName(name.orElseThrow()));
          return Browser.goTo(Notice.PROFILE_CHANGED.at("/profile"));
        },
        (status, form) -> page(status, call, form));
  }

  private Answer changeEmail(Call call) {
    return Forms.submit(
        call,
        List.of("email"),
        () -> {
          Params given = call.params();
          Checks checks = new Checks();
          Optional<String> email = UserLimits.email(checks, "email", given.get("email"));
          Forms.require(checks, email, "email");
          Optional<String> current = passwordIn(checks, given, "email_password");
          checks.throwIfAny();
          parts
              .people()
              .changeEmail()
              .request(call.caller(), email.orElseThrow(), current, "email_password");
          return Browser.goTo(Notice.EMAIL_SENT.at("/profile"));
        },
        (status, form) -> page(status, call, form));
  }

  private static Optional<String> passwordIn(Checks checks, Params given, String field) {
    return checks.secret(field, given.get(field), PasswordRules.LENGTH_MAX);
  }

  private Answer verify(Call call) {
    parts.people().verifyEmail().request(call.caller());
    return Browser.goTo(Notice.EMAIL_SENT.at("/profile"));
  }

  private Answer changePassword(Call call) {
    return Forms.submit(
        call,
        List.of(),
        () -> {
          Params given = call.params();
          Checks checks = new Checks();
          Optional<String> current = passwordIn(checks, given, "current_password");
          Optional<String> password =
              PasswordRules.newPassword(checks, "new_password", given.get("new_password"));
          Forms.require(checks, password, "new_password");
          checks.throwIfAny();
          parts.people().changePassword().run(call.caller(), current, password.orElseThrow());
          return Browser.goTo(Notice.PASSWORD_CHANGED.at("/profile"));
        },
        (status, form) -> page(status, call, form));
  }

  private Answer factorPage(int status, Call call, Form form) {
    return LogInPages.confirmed(
        parts,
        call,
        "/profile/second-factor",
        () -> {
          Principal caller = call.caller();
          byte[] secret = parts.people().secondFactor().prepare(caller);
          String uri =
              Totp.uri(parts.setup().product(), Sessions.credentialOf(caller).email(), secret);
          QrCode picture = QrCode.encodeText(uri, QrCode.Ecc.MEDIUM);
          FactorView view =
              new FactorView(
                  pathOf(picture),
                  picture.size + 2 * QR_BORDER,
                  Totp.base32(secret).replaceAll("(.{4})(?=.)", "$1 "),
                  form);
          return html.page(
              status, call, "/profile", "Set up the second factor", "secondFactor", view);
        });
  }

  /** Each dark module as a square of one unit. */
  private static String pathOf(QrCode picture) {
    StringBuilder path = new StringBuilder(8_192);
    for (int y = 0; y < picture.size; y++) {
      for (int x = 0; x < picture.size; x++) {
        if (picture.getModule(x, y)) {
          path.append('M')
              .append(x + QR_BORDER)
              .append(' ')
              .append(y + QR_BORDER)
              .append("h1v1h-1z");
        }
      }
    }
    return path.toString();
  }

  private Answer enableFactor(Call call) {
    return Forms.submit(
        call,
        List.of(),
        () ->
            LogInPages.confirmed(
                parts,
                call,
                "/profile/second-factor",
                () -> {
                  Checks checks = new Checks();
                  Optional<String> code =
                      checks.text("code", call.params().get("code"), CODE_LENGTH_MAX);
                  checks.throwIfAny();
                  return codesPage(
                      call, parts.people().secondFactor().enable(call.caller(), code.orElse("")));
                }),
        (status, form) -> factorPage(status, call, form));
  }

  /** The only time that they are shown. */
  private Answer codesPage(Call call, List<String> codes) {
    return html.page(call, "/profile", "Your recovery codes", "recoveryCodes", codes);
  }

  private Answer renewCodes(Call call) {
    return LogInPages.confirmed(
        parts,
        call,
        "/profile",
        () -> codesPage(call, parts.people().secondFactor().renewCodes(call.caller())));
  }

  private Answer disableFactor(Call call) {
    return Forms.submit(
        call,
        List.of(),
        () -> {
          Checks checks = new Checks();
          Optional<String> password = passwordIn(checks, call.params(), "factor_password");
          Optional<String> code =
              checks.text("factor_code", call.params().get("factor_code"), CODE_LENGTH_MAX);
          checks.throwIfAny();
          parts.people().secondFactor().disable(call.caller(), password, code.orElse(""));
          return Browser.goTo(Notice.FACTOR_DISABLED.at("/profile"));
        },
        (status, form) -> page(status, call, form));
  }

  private Answer endSession(Call call) {
    SessionId id =
        SessionId.parse(call.id()).orElseThrow(() -> new ApiException.Refused(ErrorCode.NOT_FOUND));
    parts.people().sessions().end(call.caller(), id);
    return Browser.goTo(Notice.SESSION_ENDED.at("/profile"));
  }

  private Answer endSessions(Call call) {
    parts.people().sessions().endOthers(call.caller());
    return Browser.goTo(Notice.SESSIONS_ENDED.at("/profile"));
  }
}
