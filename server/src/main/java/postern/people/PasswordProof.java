package postern.people;

import java.util.Optional;
import postern.core.ApiException;
import postern.core.ErrorCode;
import postern.core.PersonId;
import postern.sql.Tx;

/**
 * A password that matched the hash of a person. To compute a hash is slow, so that is done before
 * the transaction; the proof counts only if the hash still stands once the transaction holds the
 * lock of the person.
 */
public final class PasswordProof {
  private final PersonId person;
  private final String hash;
  private final String field;

  /**
   * @param field the parameter that the password came in, for messages
   */
  PasswordProof(PersonId person, String hash, String field) {
    this.person = person;
    this.hash = hash;
    this.field = field;
  }

  PersonId person() {
    return person;
  }

  String hash() {
    return hash;
  }

  /** Locks the person, and returns it if it still has the password. */
  Optional<Person> standing(Tx tx) {
    return PersonStore.lock(tx, person)
        .filter(known -> known.hash().filter(hash::equals).isPresent())
        .map(PersonStore.WithHash::person);
  }

  /**
   * Locks the person to the end of the transaction.
   *
   * @throws ApiException.Invalid if the password was changed meanwhile
   */
  public Person require(Tx tx) {
    return standing(tx).orElseThrow(() -> wrong(field));
  }

  static ApiException wrong(String field) {
    return new ApiException.Invalid(
        ErrorCode.CURRENT_PASSWORD_WRONG, field, "must be the current password");
  }

  /** Without the hash: this may end in a log. */
  @Override
  public String toString() {
    return "PasswordProof[" + person + "]";
  }
}
