package postern.accounts;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import postern.billing.Terms;
import postern.billing.Wallets;
import postern.core.ApiException;
import postern.core.Checks;
import postern.core.Ids;
import postern.core.UserId;
import postern.crypto.Passwords;
import postern.journal.Change;
import postern.journal.ChangeLog;
import postern.keys.ApiKey;
import postern.keys.KeyFacts;
import postern.keys.Keys;
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

  /** The account that was created, and its keys: test, then production. */
  public record Created(User user, boolean partner, List<ApiKey> keys) {}

  private final Database database;
  private final Keys keys;
  private final Wallets wallets;
  private final Passwords passwords;
  private final Ids ids;
  private final ChangeLog log;
  private final Terms terms;

  public CreateAccount(
      Database database,
      Keys keys,
      Wallets wallets,
      Passwords passwords,
      Ids ids,
      ChangeLog log,
      Terms terms) {
    this.database = database;
    this.keys = keys;
    this.wallets = wallets;
    this.passwords = passwords;
    this.ids = ids;
    this.log = log;
    this.terms = terms;
  }

  /**
   * Creates it.
   *
   * @throws ApiException.Invalid if the e-mail address is another user's
   */
  public Created run(Command command) {
    Optional<String> hash = command.password().map(passwords::hash);
    return database.write(tx -> runIn(tx, command, hash));
  }

  private Created runIn(Tx tx, Command command, Optional<String> passwordHash) {
    UserId id = ids.user(tx.now());
    User user =
        new User(
            id,
            id,
            null,
            ids.brand(tx.now()),
            command.name(),
            command.email(),
            null,
            Recharge.OF_NEW_ACCOUNT,
            tx.now(),
            null);
    ContactStore.take(tx, id, id, ContactStore.Kind.EMAIL, command.email(), "email");
    UserStore.insert(tx, List.of(user));
    passwordHash.ifPresent(hash -> PasswordStore.set(tx, id, id, hash));
    if (command.partner()) {
      UserStore.setPartner(tx, id);
    }
    wallets.open(tx, id, terms);
    List<ApiKey> issued = keys.issuePairs(tx, id, List.of(id)).getOrDefault(id, List.of());
    List<Change> changes = new ArrayList<>(List.of(UserFacts.created(user)));
    issued.forEach(key -> changes.add(KeyFacts.created(key)));
    log.record(tx, id, changes);
    return new Created(user, command.partner(), issued);
  }
}
