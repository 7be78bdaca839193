package postern.people;

import postern.mail.Letter;
import postern.mail.Outbox;
import postern.sql.Tx;

/** Tells people of changes to what they log in with. Safe for many threads. */
final class Notices {
  private Notices() {}

  /** Writes to the address that the person had when the change was made, within its limit. */
  static void tell(Tx tx, Outbox outbox, Person person, Letter letter) {
    if (outbox.mayTell(tx, EmailKey.of(person.email()))) {
      outbox.put(tx, person.email(), letter);
    }
  }
}
