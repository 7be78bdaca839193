package postern.people;

import java.util.Map;
import java.util.Optional;
import postern.core.ApiException;
import postern.core.Ids;
import postern.core.PersonId;
import postern.core.UserId;
import postern.journal.ChangeLog;
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
   * @param proof only a proved address is reserved, and opens a log-in
   * @param field the parameter that the address came in, for messages
   * @throws ApiException.Invalid if the address is proved, and another person's
   */
  public Person createOwner(
      Tx tx,
      UserId root,
      String name,
      String email,
      Optional<String> hash,
      AddressProof proof,
      String field) {
    boolean isVerified = proof == AddressProof.MAIL;
    Person person =
        new Person(ids.person(tx.now()), email, name, isVerified, hash.isPresent(), false);
    if (proof != AddressProof.NOTHING) {
      AddressStore.claim(tx, person.id(), email, field);
    }
    PersonStore.insert(tx, person, hash.orElse(null));
    PersonStore.join(tx, person.id(), root, Role.OWNER);
    return person;
  }

  /**
   * Changes what the owner logs in with to an address that was proved.
   *
   * @param field the parameter that the address came in, for messages
   * @throws ApiException.Invalid if the address is another person's
   */
  public void proveOwnerEmail(Tx tx, UserId root, String email, String field) {
    PersonStore.lockOwner(tx, root)
        .map(PersonStore.WithHash::person)
        .ifPresent(
            person -> {
              AddressStore.claim(tx, person.id(), email, field);
              setEmail(tx, person, email, true);
            });
  }

  /**
   * Changes where mail for the owner goes, unless the owner has chosen a password: then it goes on
   * logging in with the address that it has proved, and no caller can have its mail sent elsewhere.
   * The new address is not proved, so it opens no log-in and is not reserved.
   */
  public void setUnprovedOwnerEmail(Tx tx, UserId root, String email) {
    // Locked: a password that the owner chooses meanwhile must not meet an address of a tenant's.
    PersonStore.lockOwner(tx, root)
        .filter(owner -> owner.hash().isEmpty())
        .map(PersonStore.WithHash::person)
        .filter(person -> !EmailKey.of(person.email()).equals(EmailKey.of(email)))
        .ifPresent(
            person -> {
              AddressStore.release(tx, person.id());
              setEmail(tx, person, email, false);
            });
  }

  private void setEmail(Tx tx, Person person, String email, boolean isVerified) {
    if (!EmailKey.of(person.email()).equals(EmailKey.of(email))) {
      Notices.tell(tx, outbox, person, letters.emailChanged(email));
    }
    PersonStore.setEmail(tx, person.id(), email, isVerified);
    StandingAuthority.end(tx, person);
  }

  /** Ends every open link and every session of a person who has said that something is wrong. */
  public void endAll(Tx tx, Person person, ChangeLog log) {
    StandingAuthority.end(tx, person);
    PersonStore.accountOf(tx, person.id())
        .ifPresent(
            root -> PersonFacts.record(tx, log, root, person, "email_change.stopped", Map.of()));
  }

  /** Whether a person logs in with an address: only such an address is reserved. */
  public boolean isLogIn(Tx tx, String email) {
    return PersonStore.findByEmail(tx, email).isPresent();
  }

  /** The account of the person who logs in with an address. */
  public Optional<UserId> accountOf(Tx tx, String email) {
    return PersonStore.accountOf(tx, email);
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

  /**
   * Changes the owner's password, and ends its open links and its sessions but the one that asks:
   * who else knew the old password is out. The caller holds the lock of the owner.
   */
  public void setOwnerPassword(Tx tx, UserId root, String hash) {
    PersonStore.lockOwner(tx, root)
        .ifPresent(
            owner -> {
              PersonStore.setPassword(tx, owner.person().id(), hash);
              StandingAuthority.end(tx, owner.person());
              Notices.tell(tx, outbox, owner.person(), letters.passwordChanged());
            });
  }
}
