package postern.people;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import postern.core.ApiException;
import postern.core.ErrorCode;
import postern.core.UserId;
import postern.journal.ChangeLog;
import postern.sql.Database;

/** Lets people in: by password, and by a code where there is a second factor. */
public final class LogIn {
  /**
   * What came of it.
   *
   * @param token of the session
   * @param awaitsCode whether it opens nothing before a code is given
   * @param browser the cookie by which the browser is known from now on; empty before the code
   */
  public record Begun(Token token, boolean awaitsCode, Optional<String> browser) {}

  /** Is told of log-ins that were refused, where it is known to which account. */
  @FunctionalInterface
  public interface RefusalLog {
    void refused(Instant at, UserId account, String route, ErrorCode code);
  }

  private final Database database;
  private final RefusalLog refusals;
  private final PasswordCheck passwords;
  private final Sessions sessions;
  private final SecondFactor secondFactor;
  private final KnownBrowsers browsers;
  private final ChangeLog log;

  public LogIn(
      Database database,
      PasswordCheck passwords,
      Sessions sessions,
      SecondFactor secondFactor,
      KnownBrowsers browsers,
      ChangeLog log,
      RefusalLog refusals) {
    this.refusals = refusals;
    this.database = database;
    this.browsers = browsers;
    this.passwords = passwords;
    this.sessions = sessions;
    this.secondFactor = secondFactor;
    this.log = log;
  }

  /**
   * Begins a session.
   *
   * @param before the token that the browser had: who knows it learns nothing of the new one
   * @param cookie by which the browser may be known
   * @throws ApiException.Invalid if address or password are wrong; which of the two is not told
   * @throws ApiException.RetryLater after too many wrong ones, for any address
   */
  public Begun run(String email, String password, Optional<Token> before, Optional<String> cookie) {
    PasswordProof proof = passwords.find(email, password, cookie).orElseThrow(() -> failed(email));
    return database.write(
        tx -> {
          // The person may have another password, or another address, since the check.
          Person person = proof.standing(tx).orElseThrow(() -> failed(email));
          if (!PersonStore.logsInWith(tx, person.id(), email)) {
            throw failed(email);
          }
          UserId root =
              PersonStore.accountOf(tx, person.id())
                  .orElseThrow(() -> new ApiException.Refused(ErrorCode.LOGIN_FAILED));
          Token token = sessions.open(tx, person.id(), root, person.hasSecondFactor(), before);
          if (!person.hasSecondFactor()) {
            PersonFacts.record(tx, log, root, person, "session.created", Map.of());
          }
          Optional<String> browser =
              person.hasSecondFactor()
                  ? Optional.empty()
                  : Optional.of(browsers.next(person.id(), proof.hash(), tx.now()));
          return new Begun(token, person.hasSecondFactor(), browser);
        });
  }

  private ApiException failed(String email) {
    database
        .read(tx -> PersonStore.accountOf(tx, email))
        .ifPresent(root -> refused(root, "POST /log-in", ErrorCode.LOGIN_FAILED));
    return wrong(ErrorCode.LOGIN_FAILED, "password", "is wrong, or the address is");
  }

  /** Whether a session waits for a code. */
  public boolean awaitsCode(Token token) {
    return waiting(token).isPresent();
  }

  private Optional<SessionStore.Waiting> waiting(Token token) {
    return database.read(tx -> SessionStore.findWaiting(tx, token, SessionStore.waitingSince(tx)));
  }

  /**
   * Takes the code of the second factor, or a recovery code, and begins the session that it opens.
   *
   * @throws ApiException.Refused with {@code LOGIN_FAILED} if no session waits for one any more
   * @throws ApiException.Invalid if the code is wrong
   * @throws ApiException.RetryLater after too many wrong ones
   */
  public Begun code(Token waiting, String code, Optional<String> cookie) {
    SessionStore.Waiting begun = waiting(waiting).orElseThrow(LogIn::isOver);
    Optional<String> browser =
        passwords.browserOf(database.read(tx -> PersonStore.find(tx, begun.person())), cookie);
    secondFactor.beginGuess(begun.person(), browser);
    return database.write(
        tx -> {
          PersonStore.WithHash known =
              PersonStore.lock(tx, begun.person()).orElseThrow(LogIn::isOver);
          Person person = known.person();
          // Another request may have used this session, or a change of the password ended it.
          if (SessionStore.findWaiting(tx, waiting, SessionStore.waitingSince(tx)).isEmpty()) {
            throw isOver();
          }
          SecondFactor.Shown shown =
              secondFactor
                  .use(tx, person, code, browser)
                  .orElseThrow(
                      () -> {
                        refused(begun.root(), "POST /log-in/code", ErrorCode.CODE_WRONG);
                        return wrong(ErrorCode.CODE_WRONG, "code", "is wrong, or was used before");
                      });
          Token token = sessions.open(tx, person.id(), begun.root(), false, Optional.of(waiting));
          PersonFacts.record(
              tx,
              log,
              begun.root(),
              person,
              "session.created",
              Map.of("second_factor", shown.wireName()));
          return new Begun(
              token, false, known.hash().map(hash -> browsers.next(person.id(), hash, tx.now())));
        });
  }

  private static ApiException isOver() {
    return new ApiException.Refused(ErrorCode.LOGIN_FAILED);
  }

  private void refused(UserId root, String route, ErrorCode code) {
    refusals.refused(database.now(), root, route, code);
  }

  private static ApiException wrong(ErrorCode code, String field, String message) {
    return new ApiException.Invalid(code, field, message);
  }

  /** Ends the session of a browser. */
  public void out(Token token) {
    database.write(
        tx -> {
          SessionStore.delete(tx, token);
          return token;
        });
  }
}
