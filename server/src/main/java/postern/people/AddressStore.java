package postern.people;

import postern.core.ApiException;
import postern.core.ErrorCode;
import postern.core.PersonId;
import postern.sql.Tx;

/**
 * The SQL of {@code log_in_addresses}: the addresses that people log in with. Each of these belongs
 * to one person of the whole server; an address that was never proved reserves nothing.
 */
final class AddressStore {
  private AddressStore() {}

  /**
   * Makes an address the one that a person logs in with, in place of the one before. Waits for
   * other transactions that claim the same address.
   *
   * @param field the parameter that the address came in, for messages
   * @throws ApiException.Invalid if it is another person's
   */
  static void claim(Tx tx, PersonId person, String email, String field) {
    String key = EmailKey.of(email);
    tx.execute(
        "delete from log_in_addresses where person_id = ? and email_key <> ?", person.uuid(), key);
    tx.execute(
        "insert into log_in_addresses (email_key, person_id) values (?, ?) on conflict do nothing",
        key,
        person.uuid());
    boolean isOwn =
        tx.one(
                "select 1 from log_in_addresses where email_key = ? and person_id = ?",
                row -> true,
                key,
                person.uuid())
            .isPresent();
    if (!isOwn) {
      throw new ApiException.Invalid(ErrorCode.EMAIL_TAKEN, field, "is already in use");
    }
  }

  /** Ends the reservation of the address that a person logs in with: the next one is not proved. */
  static void release(Tx tx, PersonId person) {
    tx.execute("delete from log_in_addresses where person_id = ?", person.uuid());
  }
}
