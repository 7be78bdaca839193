package postern.people;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import postern.core.ApiException;
import postern.core.Credential;
import postern.core.ErrorCode;
import postern.core.Ids;
import postern.core.PersonId;
import postern.core.Principal;
import postern.core.SessionId;
import postern.core.UserId;
import postern.journal.ChangeLog;
import postern.sql.Database;
import postern.sql.Tx;

/** Who is logged in, from where. Safe for many threads. */
public final class Sessions {
  /**
   * When a session is over.
   *
   * @param idleMax after how long without a request
   * @param ageMax after how long in any case
   * @param confirmedFor how long the password counts as just given
   */
  public record Limits(Duration idleMax, Duration ageMax, Duration confirmedFor) {}

  private static final Duration SEEN_EVERY = Duration.ofMinutes(1);

  private final Database database;
  private final Ids ids;
  private final RandomGenerator random;
  private final ChangeLog log;
  private final PasswordCheck passwords;
  private final Limits limits;

  public Sessions(
      Database database,
      Ids ids,
      RandomGenerator random,
      ChangeLog log,
      PasswordCheck passwords,
      Limits limits) {
    this.database = database;
    this.ids = ids;
    this.random = random;
    this.log = log;
    this.passwords = passwords;
    this.limits = limits;
  }

  /** Whom a session lets in; empty for one that is over, or that awaits a code. */
  Optional<Principal> find(Token token) {
    return database.read(
        tx -> {
          Optional<SessionStore.Live> live =
              SessionStore.find(
                  tx, token, tx.now().minus(limits.idleMax), tx.now().minus(limits.ageMax));
          // Once a minute is enough, and spares nearly every request a write.
          live.filter(l -> l.lastSeenAt().plus(SEEN_EVERY).isBefore(tx.now()))
              .ifPresent(l -> SessionStore.seen(tx, token));
          return live.map(SessionStore.Live::caller);
        });
  }

  /**
   * Begins a session.
   *
   * @param before the one that the browser had: it is over
   */
  Token open(Tx tx, PersonId person, UserId root, boolean awaitsCode, Optional<Token> before) {
    before.ifPresent(token -> SessionStore.delete(tx, token));
    Token token = Token.next(random);
    SessionStore.insert(tx, token, ids.session(tx.now()), person, root, awaitsCode);
    return token;
  }

  /** Begins a session for somebody who has just proven an address, and writes it down. */
  public Token open(Tx tx, Person person, UserId root, Optional<Token> before) {
    Token token = open(tx, person.id(), root, false, before);
    PersonFacts.record(tx, log, root, person, "session.created", Map.of());
    return token;
  }

  /** Whether the caller gave its password not long ago. */
  public boolean isConfirmed(Principal caller) {
    return credentialOf(caller).confirmedAt().plus(limits.confirmedFor).isAfter(database.now());
  }

  /**
   * Checks the caller's password, for a change that it is given with.
   *
   * @param field the parameter that it came in, for messages
   * @throws ApiException.Invalid if it is wrong
   * @throws ApiException.RetryLater after too many wrong ones
   */
  public PasswordProof prove(Principal caller, Optional<String> password, String field) {
    return passwords.confirm(credentialOf(caller).person(), password, field);
  }

  /**
   * Takes the password again.
   *
   * @param field the parameter that it came in, for messages
   * @throws ApiException.Invalid if it is wrong
   * @throws ApiException.RetryLater after too many wrong ones
   */
  public void confirm(Principal caller, Optional<String> password, String field) {
    Credential.Session session = credentialOf(caller);
    PasswordProof proof = passwords.confirm(session.person(), password, field);
    database.write(
        tx -> {
          proof.require(tx);
          SessionStore.confirmed(tx, session.person(), session.id());
          return session;
        });
  }

  /** The caller's own sessions, the newest first. */
  public List<Session> list(Principal caller) {
    return database.read(
        tx ->
            SessionStore.list(
                tx,
                credentialOf(caller).person(),
                tx.now().minus(limits.idleMax),
                tx.now().minus(limits.ageMax)));
  }

  /**
   * Ends one of the caller's sessions.
   *
   * @throws ApiException.Refused with {@code NOT_FOUND} for any other
   */
  public void end(Principal caller, SessionId id) {
    database.write(
        tx -> {
          lockedPersonOf(tx, caller);
          if (SessionStore.delete(tx, credentialOf(caller).person(), id) == 0) {
            throw new ApiException.Refused(ErrorCode.NOT_FOUND);
          }
          ended(tx, caller, Map.of("session_id", id.toString()));
          return id;
        });
  }

  /** Ends all of the caller's sessions but the one that asks; how many those were. */
  public int endOthers(Principal caller) {
    Credential.Session session = credentialOf(caller);
    return database.write(
        tx -> {
          lockedPersonOf(tx, caller);
          int count = SessionStore.deleteOthers(tx, session.person(), Optional.of(session.id()));
          ended(tx, caller, Map.of("others", Integer.toString(count)));
          return count;
        });
  }

  private void ended(Tx tx, Principal caller, Map<String, String> facts) {
    PersonFacts.record(tx, log, caller.root(), personOf(tx, caller), "session.deleted", facts);
  }

  /** Forgets sessions that are over; how many those were. */
  public int purge() {
    return database.write(
        tx ->
            SessionStore.purge(tx, tx.now().minus(limits.idleMax), tx.now().minus(limits.ageMax)));
  }

  /** Who has logged in. */
  public Person personOf(Principal caller) {
    return database.read(tx -> personOf(tx, caller));
  }

  static Person personOf(Tx tx, Principal caller) {
    return PersonStore.find(tx, credentialOf(caller).person())
        .orElseThrow(() -> new ApiException.Refused(ErrorCode.NOT_FOUND))
        .person();
  }

  /**
   * Locks the person of a session to the end of the transaction, so that nothing is done in a
   * session that another request has ended since it was looked up.
   *
   * @throws ApiException.Refused with {@code UNAUTHORIZED} if it was ended
   */
  public static Person lockedPersonOf(Tx tx, Principal caller) {
    Credential.Session session = credentialOf(caller);
    return PersonStore.lock(tx, session.person())
        .filter(known -> SessionStore.stands(tx, session.person(), session.id()))
        .map(PersonStore.WithHash::person)
        .orElseThrow(() -> new ApiException.Refused(ErrorCode.UNAUTHORIZED));
  }

  /** The session of a caller who came with one. */
  public static Credential.Session credentialOf(Principal caller) {
    return switch (caller.credential()) {
      case Credential.Session session -> session;
      case Credential.Key key ->
          throw new IllegalStateException("a session is needed, and " + key + " is a key");
    };
  }
}
