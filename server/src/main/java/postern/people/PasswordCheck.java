package postern.people;

import java.util.Optional;
import postern.core.ApiException;
import postern.core.ErrorCode;
import postern.core.PersonId;
import postern.core.UserId;
import postern.crypto.Passwords;
import postern.sql.Database;

/** Has people show their password, and stops those who guess. Safe for many threads. */
public final class PasswordCheck {
  private final Database database;
  private final Passwords passwords;
  private final Guesses guesses;

  public PasswordCheck(Database database, Passwords passwords, Guesses guesses) {
    this.database = database;
    this.passwords = passwords;
    this.guesses = guesses;
  }

  /**
   * Returns if the password is that of the account's owner, or if it has none.
   *
   * @param field the parameter that the password came in, for messages
   * @throws ApiException.Invalid if it is wrong or missing
   * @throws ApiException.RetryLater if five wrong ones were given in fifteen minutes
   */
  public void confirmOwner(UserId root, Optional<String> password, String field) {
    database
        .read(tx -> PersonStore.owner(tx, root))
        .filter(owner -> owner.hash().isPresent())
        .ifPresent(owner -> confirm(owner, password, field));
  }

  /** The same for a person. */
  void confirm(PersonId id, Optional<String> password, String field) {
    database
        .read(tx -> PersonStore.find(tx, id))
        .filter(person -> person.hash().isPresent())
        .ifPresent(person -> confirm(person, password, field));
  }

  private void confirm(PersonStore.WithHash known, Optional<String> password, String field) {
    if (password.isEmpty()
        || !isRight(known.person().email(), Optional.of(known), password.get())) {
      throw new ApiException.Invalid(
          ErrorCode.CURRENT_PASSWORD_WRONG, field, "must be the current password");
    }
  }

  /**
   * The person with an address and a password. Takes as long, and stops as soon, for an address
   * that nobody has. The slow check holds no connection.
   *
   * @throws ApiException.RetryLater if five wrong ones were given in fifteen minutes
   */
  Optional<Person> find(String email, String password) {
    Optional<PersonStore.WithHash> known = database.read(tx -> PersonStore.findByEmail(tx, email));
    return isRight(email, known, password)
        ? known.map(PersonStore.WithHash::person)
        : Optional.empty();
  }

  private boolean isRight(String email, Optional<PersonStore.WithHash> known, String password) {
    String what = "password of " + EmailKey.of(email);
    guesses.begin(what);
    Optional<String> hash = known.flatMap(PersonStore.WithHash::hash);
    if (hash.isEmpty()) {
      return passwords.verifyDecoy(password);
    }
    if (!passwords.verify(password, hash.get())) {
      return false;
    }
    Optional<String> newer =
        passwords.needsRehash(hash.get())
            ? Optional.of(passwords.hash(password))
            : Optional.empty();
    PersonId id = known.get().person().id();
    return database.write(
        tx -> {
          guesses.succeeded(tx, what);
          newer.ifPresent(better -> PersonStore.setPassword(tx, id, better));
          return true;
        });
  }
}
