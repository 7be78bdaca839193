package postern.people;

import java.util.Optional;
import postern.core.ApiException;
import postern.core.ErrorCode;
import postern.core.Ids;
import postern.core.PersonId;
import postern.core.UserId;
import postern.mail.Outbox;
import postern.sql.Tx;

/** Who belongs to an account. Safe for many threads. */
public final class Members {
  private final Ids ids;
  private final Outbox outbox;
  private final Letters letters;

  public Members(Ids ids, Outbox outbox, Letters letters) {
    this.ids = ids;
    this.outbox = outbox;
    this.letters = letters;
  }

  /**
   * Makes the person to whom a new account belongs.
   *
   * @param hash of the password; empty for one who has to choose it by mail
   * @param isVerified whether mail to the address was seen to arrive
   * @param field the parameter that the address came in, for messages
   * @throws ApiException.Invalid if the address is another person's
   */
  public Person createOwner(
      Tx tx,
      UserId root,
      String name,
      String email,
      Optional<String> hash,
      boolean isVerified,
      String field) {
    requireFree(tx, email, field);
    Person person =
        new Person(ids.person(tx.now()), email, name, isVerified, hash.isPresent(), false);
    PersonStore.insert(tx, person, hash.orElse(null));
    PersonStore.join(tx, person.id(), root, Role.OWNER);
    return person;
  }

  /**
   * Changes what the owner logs in with.
   *
   * @param isVerified whether mail to the address was seen to arrive
   * @param field the parameter that the address came in, for messages
   * @throws ApiException.Invalid if the address is another person's
   */
  public void setOwnerEmail(Tx tx, UserId root, String email, boolean isVerified, String field) {
    Optional<PersonStore.WithHash> owner = PersonStore.owner(tx, root);
    if (owner.isEmpty()) {
      return;
    }
    Person person = owner.get().person();
    if (!EmailKey.of(person.email()).equals(EmailKey.of(email))) {
      requireFree(tx, email, field);
      outbox.put(tx, person.email(), letters.emailChanged(email));
    }
    PersonStore.setEmail(tx, person.id(), email, isVerified);
  }

  /** The account that belongs to a person. */
  public Optional<UserId> ownedBy(Tx tx, PersonId person) {
    return PersonStore.ownedBy(tx, person);
  }

  /** Tells the person who has an address that somebody else, or it itself, wants it again. */
  public void tellOfAccount(Tx tx, String email) {
    PersonStore.findByEmail(tx, email)
        .ifPresent(known -> outbox.put(tx, known.person().email(), letters.alreadySignedUp()));
  }

  /** Whether the owner can log in: it has chosen a password. */
  public boolean hasPassword(Tx tx, UserId root) {
    return PersonStore.owner(tx, root).flatMap(PersonStore.WithHash::hash).isPresent();
  }

  /** Changes the owner's password, and ends its sessions: whoever else knew the old one is out. */
  public void setOwnerPassword(Tx tx, UserId root, String hash) {
    PersonStore.owner(tx, root)
        .ifPresent(
            owner -> {
              PersonStore.setPassword(tx, owner.person().id(), hash);
              SessionStore.deleteOthers(tx, owner.person().id(), Optional.empty());
              outbox.put(tx, owner.person().email(), letters.passwordChanged());
            });
  }

  // Whoever claims an address claims it as the account's contact first, which makes others wait.
  private static void requireFree(Tx tx, String email, String field) {
    if (PersonStore.findByEmail(tx, email).isPresent()) {
      throw new ApiException.Invalid(ErrorCode.EMAIL_TAKEN, field, "is already in use");
    }
  }
}
