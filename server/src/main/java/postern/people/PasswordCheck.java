package postern.people;

import java.util.Optional;
import postern.core.ApiException;
import postern.core.PersonId;
import postern.core.UserId;
import postern.crypto.Passwords;
import postern.sql.Database;

/** Has people show their password, and stops those who guess. Safe for many threads. */
public final class PasswordCheck {
  private final Database database;
  private final Passwords passwords;
  private final Guesses guesses;
  private final KnownBrowsers browsers;

  public PasswordCheck(
      Database database, Passwords passwords, Guesses guesses, KnownBrowsers browsers) {
    this.browsers = browsers;
    this.database = database;
    this.passwords = passwords;
    this.guesses = guesses;
  }

  /**
   * Checks the password of the account's owner. An owner without a password proves nothing.
   *
   * @param field the parameter that the password came in, for messages
   * @throws ApiException.Invalid if it is wrong or missing, or the owner has none
   * @throws ApiException.RetryLater if five wrong ones were given in fifteen minutes
   */
  public PasswordProof confirmOwner(UserId root, Optional<String> password, String field) {
    return confirmKnown(database.read(tx -> PersonStore.owner(tx, root)), password, field);
  }

  /** The same for a person. */
  PasswordProof confirm(PersonId id, Optional<String> password, String field) {
    return confirmKnown(database.read(tx -> PersonStore.find(tx, id)), password, field);
  }

  private PasswordProof confirmKnown(
      Optional<PersonStore.WithHash> known, Optional<String> password, String field) {
    if (known.isEmpty() || password.isEmpty()) {
      throw PasswordProof.wrong(field);
    }
    return proof(known.get().person().email(), known, password.get(), field, Optional.empty())
        .orElseThrow(() -> PasswordProof.wrong(field));
  }

  /**
   * Checks an address and a password. Takes as long, and stops as soon, for an address that no
   * person has. The slow check holds no connection.
   *
   * @param cookie by which the browser may be known
   * @throws ApiException.RetryLater if five wrong ones were given in fifteen minutes
   */
  Optional<PasswordProof> find(String email, String password, Optional<String> cookie) {
    Optional<PersonStore.WithHash> known = database.read(tx -> PersonStore.findByEmail(tx, email));
    return proof(email, known, password, "password", browserOf(known, cookie));
  }

  /**
   * Returns whether a password is the one that was chosen with a sign-up. Wrong ones are counted.
   *
   * @throws ApiException.RetryLater after too many wrong ones
   */
  public boolean isOfLink(Token token, Link link, Optional<String> password) {
    if (password.isEmpty() || link.passwordHash() == null) {
      return false;
    }
    guesses.begin(Guesses.Secret.ofLink(token), Optional.empty());
    return passwords.verify(password.get(), link.passwordHash());
  }

  /** The name of a browser that a person has logged in with before. */
  Optional<String> browserOf(Optional<PersonStore.WithHash> person, Optional<String> cookie) {
    return person
        .filter(known -> known.hash().isPresent())
        .flatMap(
            known ->
                browsers.nameOf(cookie, known.person().id(), known.hash().get(), database.now()));
  }

  private Optional<PasswordProof> proof(
      String email,
      Optional<PersonStore.WithHash> known,
      String password,
      String field,
      Optional<String> browser) {
    Guesses.Secret secret = Guesses.Secret.password(email);
    guesses.begin(secret, browser);
    Optional<String> hash = known.flatMap(PersonStore.WithHash::hash);
    if (hash.isEmpty()) {
      passwords.verifyDecoy(password);
      return Optional.empty();
    }
    if (!passwords.verify(password, hash.get())) {
      return Optional.empty();
    }
    PersonId id = known.orElseThrow().person().id();
    Optional<String> better =
        passwords.needsRehash(hash.get())
            ? Optional.of(passwords.hash(password))
            : Optional.empty();
    return Optional.of(
        database.write(
            tx -> {
              guesses.succeeded(tx, secret, browser);
              // Only in place of the hash that was checked: a change meanwhile must not be undone.
              Optional<String> stored =
                  better.filter(next -> PersonStore.replaceHash(tx, id, hash.get(), next));
              return new PasswordProof(id, stored.orElse(hash.get()), field);
            }));
  }
}
