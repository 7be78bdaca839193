package postern.people;

import java.util.Map;
import postern.core.ApiException;
import postern.core.Principal;
import postern.journal.ChangeLog;
import postern.mail.Outbox;
import postern.sql.Database;

/** Has people show that mail to their address arrives. */
public final class VerifyEmail {
  private final Database database;
  private final Links links;
  private final Outbox outbox;
  private final Letters letters;
  private final ChangeLog log;

  public VerifyEmail(
      Database database, Links links, Outbox outbox, Letters letters, ChangeLog log) {
    this.database = database;
    this.links = links;
    this.outbox = outbox;
    this.letters = letters;
    this.log = log;
  }

  /** Sends a link to the address of somebody who is logged in. */
  public void request(Principal caller) {
    database.write(
        tx -> {
          Person person = Sessions.lockedPersonOf(tx, caller);
          if (outbox.mayAsk(tx, EmailKey.of(person.email()))) {
            Token token = links.create(tx, Link.of(Link.Kind.VERIFICATION, person, person.email()));
            outbox.put(tx, person.email(), letters.verification(token));
          }
          return person;
        });
  }

  /** Whether a link can still be opened. */
  public boolean isOpen(Token token) {
    return database.read(tx -> links.find(tx, Link.Kind.VERIFICATION, token).isPresent());
  }

  /**
   * Opens the link.
   *
   * @throws ApiException.Refused with {@code NOT_FOUND} if it cannot be opened any more, or the
   *     address is another by now
   */
  public void run(Token token) {
    database.write(
        tx -> {
          Person person = links.usedBy(tx, Link.Kind.VERIFICATION, token);
          PersonStore.setVerified(tx, person);
          PersonStore.accountOf(tx, person.id())
              .ifPresent(
                  root -> PersonFacts.record(tx, log, root, person, "email.verified", Map.of()));
          return person;
        });
  }
}
