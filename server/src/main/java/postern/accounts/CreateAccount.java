package postern.accounts;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import postern.billing.Terms;
import postern.billing.Wallets;
import postern.core.ApiException;
import postern.core.Checks;
import postern.core.Ids;
import postern.core.UserId;
import postern.crypto.Passwords;
import postern.journal.ChangeLog;
import postern.keys.ApiKey;
import postern.keys.Keys;
import postern.keys.NewKey;
import postern.people.AddressProof;
import postern.people.Members;
import postern.people.Person;
import postern.sql.Database;
import postern.sql.Tx;

/** Creates a top-level user with its wallet and its keys: an operator does that. */
public final class CreateAccount {
  /**
   * The account to be.
   *
   * @param password without one, e-mail and password can be set without a current password
   * @param partner whether it may have referral customers
   */
  public record Command(String name, String email, Optional<String> password, boolean partner) {
    /**
     * A command out of what somebody typed.
     *
     * @throws ApiException.Invalid naming everything that is wrong
     */
    public static Command checked(
        String name, String email, Optional<String> password, boolean partner) {
      Checks checks = new Checks();
      Optional<String> checkedName = UserLimits.name(checks, "name", name);
      Optional<String> checkedEmail = UserLimits.email(checks, "email", email);
      if (name.isBlank()) {
        checks.invalid("name", "must not be blank");
      }
      if (email.isBlank()) {
        checks.invalid("email", "must not be blank");
      }
      checks.throwIfAny();
      return new Command(checkedName.orElseThrow(), checkedEmail.orElseThrow(), password, partner);
    }
  }

  /** The account that was created, whose it is, and its keys: test, then production. */
  public record Created(User user, Person owner, boolean partner, List<ApiKey> keys) {}

  private final Database database;
  private final Keys keys;
  private final Wallets wallets;
  private final Members members;
  private final Passwords passwords;
  private final Ids ids;
  private final ChangeLog log;
  private final Terms terms;

  public CreateAccount(
      Database database,
      Keys keys,
      Wallets wallets,
      Members members,
      Passwords passwords,
      Ids ids,
      ChangeLog log,
      Terms terms) {
    this.database = database;
    this.keys = keys;
    this.wallets = wallets;
    this.members = members;
    this.passwords = passwords;
    this.ids = ids;
    this.log = log;
    this.terms = terms;
  }

  /**
   * Creates it.
   *
   * @throws ApiException.Invalid if another person logs in with the e-mail address
   */
  public Created run(Command command) {
    Optional<String> hash = command.password().map(passwords::hash);
    return database.write(tx -> runIn(tx, command, hash, AddressProof.OPERATOR));
  }

  /**
   * Creates it in a transaction of the caller's.
   *
   * @param proof of the address
   */
  Created runIn(Tx tx, Command command, Optional<String> passwordHash, AddressProof proof) {
    Opening opening =
        new Opening(
            command.name(),
            command.email(),
            null,
            Recharge.OF_NEW_ACCOUNT,
            terms,
            passwordHash,
            proof,
            "email");
    Opened opened = open(tx, opening);
    if (command.partner()) {
      UserStore.setPartner(tx, opened.user().id());
    }
    return new Created(
        opened.user(), opened.owner(), command.partner(), issueKeys(tx, opened.user()));
  }

  /**
   * What every new top-level user has.
   *
   * @param passwordHash empty for an owner who has to choose a password by mail
   * @param proof of the address: only a proved one is reserved on the server
   * @param emailField how the address is called in messages
   */
  record Opening(
      String name,
      String email,
      @Nullable String phoneNumber,
      Recharge recharge,
      Terms terms,
      Optional<String> passwordHash,
      AddressProof proof,
      String emailField) {}

  /** A top-level user and the person to whom it belongs. */
  record Opened(User user, Person owner) {}

  /** Writes a top-level user, its owner and its wallet. */
  Opened open(Tx tx, Opening opening) {
    UserId id = ids.user(tx.now());
    User user =
        new User(
            id,
            id,
            null,
            ids.brand(tx.now()),
            opening.name(),
            opening.email(),
            opening.phoneNumber(),
            opening.recharge(),
            null,
            tx.now(),
            null);
    ContactStore.take(tx, id, id, ContactStore.Kind.EMAIL, opening.email(), opening.emailField());
    UserStore.insert(tx, List.of(user));
    Person owner =
        members.createOwner(
            tx,
            id,
            opening.name(),
            opening.email(),
            opening.passwordHash(),
            opening.proof(),
            opening.emailField());
    wallets.open(tx, id, opening.terms());
    return new Opened(user, owner);
  }

  /** Gives a new user its keys, and tells what was created. */
  List<ApiKey> issueKeys(Tx tx, User user) {
    List<NewKey> pair = keys.nextPair(user.root(), user.id(), tx.now());
    keys.insert(tx, pair);
    log.record(tx, user.id(), UserFacts.created(user, pair));
    return pair.stream().map(NewKey::key).toList();
  }
}
