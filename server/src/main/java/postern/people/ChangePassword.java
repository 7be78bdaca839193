package postern.people;

import java.util.Map;
import java.util.Optional;
import postern.core.ApiException;
import postern.core.Credential;
import postern.core.Principal;
import postern.crypto.Passwords;
import postern.journal.ChangeLog;
import postern.mail.Outbox;
import postern.sql.Database;

/** Changes the password of somebody who is logged in. */
public final class ChangePassword {
  private final Database database;
  private final Passwords passwords;
  private final PasswordCheck check;
  private final Outbox outbox;
  private final Letters letters;
  private final ChangeLog log;

  public ChangePassword(
      Database database,
      Passwords passwords,
      PasswordCheck check,
      Outbox outbox,
      Letters letters,
      ChangeLog log) {
    this.database = database;
    this.passwords = passwords;
    this.check = check;
    this.outbox = outbox;
    this.letters = letters;
    this.log = log;
  }

  /**
   * Changes it, and ends all open links and all sessions but the one that asks.
   *
   * @throws ApiException.Invalid if the current password is wrong
   * @throws ApiException.RetryLater after too many wrong ones
   */
  public void run(Principal caller, Optional<String> current, String password) {
    Credential.Session session = Sessions.credentialOf(caller);
    PasswordProof proof = check.confirm(session.person(), current, "current_password");
    String hash = passwords.hash(password);
    database.write(
        tx -> {
          proof.require(tx);
          Person person = Sessions.lockedPersonOf(tx, caller);
          PersonStore.setPassword(tx, person.id(), hash);
          StandingAuthority.end(tx, person);
          SessionStore.confirmed(tx, person.id(), session.id());
          Notices.tell(tx, outbox, person, letters.passwordChanged());
          PersonFacts.record(tx, log, caller.root(), person, "password.changed", Map.of());
          return person;
        });
  }
}
