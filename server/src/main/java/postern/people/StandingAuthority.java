package postern.people;

import java.util.Optional;
import postern.core.Credential;
import postern.core.Origin;
import postern.core.SessionId;
import postern.sql.Tx;

/**
 * What earlier credentials of a person have opened and not yet closed: sessions, and links in
 * mails. It ends with the credential, or a thief would keep what the old one gave (OWASP ASVS 5.0,
 * 7.4.3).
 */
final class StandingAuthority {
  private StandingAuthority() {}

  /**
   * Ends every link and every session of a person but the session that makes the change. The caller
   * holds the lock of the person, so that neither is made at the same time.
   */
  static void end(Tx tx, Person person) {
    Links.endAll(tx, person);
    SessionStore.deleteOthers(tx, person.id(), current());
  }

  private static Optional<SessionId> current() {
    return Origin.current()
        .caller()
        .flatMap(
            caller ->
                caller.credential() instanceof Credential.Session session
                    ? Optional.of(session.id())
                    : Optional.empty());
  }
}
