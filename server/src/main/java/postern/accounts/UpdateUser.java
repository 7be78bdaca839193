package postern.accounts;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import postern.accounts.ContactStore.Kind;
import postern.billing.SpendLimit;
import postern.core.ApiException;
import postern.core.ErrorCode;
import postern.core.Principal;
import postern.core.UserId;
import postern.crypto.Passwords;
import postern.journal.Change;
import postern.journal.ChangeLog;
import postern.people.Members;
import postern.people.PasswordCheck;
import postern.people.PasswordProof;
import postern.sql.Database;
import postern.sql.Tx;

/** Changes what is passed of a user, and nothing else. */
public final class UpdateUser {
  /**
   * What to change. What is empty stays as it is; an inner value that is empty says "none from now
   * on".
   *
   * @param currentPassword asked for where e-mail or password change
   * @param prefix what stands before the names of parameters in messages
   */
  public record Command(
      Optional<String> name,
      Optional<String> email,
      Optional<Optional<String>> phoneNumber,
      Optional<String> password,
      Optional<String> currentPassword,
      Optional<Optional<Long>> rechargeAmountMicros,
      Optional<Optional<Long>> secondaryRechargeAmountMicros,
      Optional<Optional<Long>> rechargeThresholdMicros,
      Optional<Optional<SpendLimit>> spendLimit,
      String prefix) {
    private static final Command NOTHING =
        new Command(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            "");

    /** What a parent says of its child: the name, and what it may spend. */
    public static Command ofChild(String name, Optional<SpendLimit> spendLimit) {
      return NOTHING.with(
          Optional.of(name),
          NOTHING.rechargeAmountMicros,
          NOTHING.secondaryRechargeAmountMicros,
          NOTHING.rechargeThresholdMicros,
          Optional.of(spendLimit));
    }

    /** Another name of an account. */
    public static Command ofName(String name) {
      return NOTHING.with(
          Optional.of(name),
          NOTHING.rechargeAmountMicros,
          NOTHING.secondaryRechargeAmountMicros,
          NOTHING.rechargeThresholdMicros,
          NOTHING.spendLimit);
    }

    /** When and by how much a wallet is refilled; what is empty is taken away. */
    public static Command ofRecharge(
        Optional<Long> amountMicros,
        Optional<Long> secondaryAmountMicros,
        Optional<Long> thresholdMicros) {
      return NOTHING.with(
          NOTHING.name,
          Optional.of(amountMicros),
          Optional.of(secondaryAmountMicros),
          Optional.of(thresholdMicros),
          NOTHING.spendLimit);
    }

    private Command with(
        Optional<String> otherName,
        Optional<Optional<Long>> amountMicros,
        Optional<Optional<Long>> secondaryAmountMicros,
        Optional<Optional<Long>> thresholdMicros,
        Optional<Optional<SpendLimit>> limit) {
      return new Command(
          otherName,
          email,
          phoneNumber,
          password,
          currentPassword,
          amountMicros,
          secondaryAmountMicros,
          thresholdMicros,
          limit,
          prefix);
    }
  }

  private final Database database;
  private final Passwords passwords;
  private final PasswordCheck guard;
  private final Members members;
  private final ChangeLog log;

  public UpdateUser(
      Database database, Passwords passwords, PasswordCheck guard, Members members, ChangeLog log) {
    this.database = database;
    this.passwords = passwords;
    this.guard = guard;
    this.members = members;
    this.log = log;
  }

  /**
   * Changes the user. Who may change what: a top-level user everything of itself, a parent the name
   * and the settings of money of its children, a child its own name; the rest is passed over.
   *
   * @throws ApiException.Refused with {@code NOT_FOUND} if the caller cannot see the user
   * @throws ApiException.Invalid if the current password is wrong, or the e-mail address taken
   * @throws ApiException.RetryLater after too many wrong passwords
   */
  public User run(Principal caller, UserId id, Command command) {
    Users.requireVisible(caller, id);
    boolean ofAccount = caller.isRoot() && id.equals(caller.user());
    if (!ofAccount) {
      return database.write(tx -> changeChild(tx, caller, id, command));
    }
    // Some clients send the whole user back: an address that stays the same is no change.
    boolean changesEmail =
        command.email().isPresent() && !isOwnEmail(caller, command.email().get());
    if (!changesEmail && command.password().isEmpty()) {
      return database.write(tx -> changeAccount(tx, caller, command, false, Optional.empty()));
    }
    PasswordProof proof =
        guard.confirmOwner(
            caller.root(), command.currentPassword(), command.prefix() + "current_password");
    Optional<String> hash = command.password().map(passwords::hash);
    return database.write(
        tx -> {
          proof.require(tx);
          return changeAccount(tx, caller, command, changesEmail, hash);
        });
  }

  private boolean isOwnEmail(Principal caller, String email) {
    String own = database.read(tx -> Users.find(tx, caller, caller.user())).email();
    return own != null && Kind.EMAIL.normalised(own).equals(Kind.EMAIL.normalised(email));
  }

  private User changeChild(Tx tx, Principal caller, UserId id, Command command) {
    User user = lock(tx, caller, id);
    User changed =
        with(
            user,
            command,
            user.email(),
            user.phoneNumber(),
            caller.isRoot() ? recharge(user.recharge(), command) : user.recharge(),
            caller.isRoot() ? given(command.spendLimit(), user.spendLimit()) : user.spendLimit());
    return changed(tx, user, changed, false);
  }

  private User changeAccount(
      Tx tx,
      Principal caller,
      Command command,
      boolean changesEmail,
      Optional<String> passwordHash) {
    User user = lock(tx, caller, caller.user());
    String email = changesEmail ? command.email().orElse(user.email()) : user.email();
    User changed =
        with(
            user,
            command,
            email,
            command.phoneNumber().map(given -> given.orElse(null)).orElse(user.phoneNumber()),
            recharge(user.recharge(), command),
            user.spendLimit());
    if (changesEmail) {
      String field = command.prefix() + "email";
      ContactStore.replace(tx, user.root(), user.id(), Kind.EMAIL, email, field);
      members.setUnprovedOwnerEmail(tx, user.root(), String.valueOf(email));
    }
    passwordHash.ifPresent(hash -> members.setOwnerPassword(tx, user.root(), hash));
    return changed(tx, user, changed, passwordHash.isPresent());
  }

  private User changed(Tx tx, User before, User after, boolean isPasswordNew) {
    Map<String, @Nullable Object> facts = UserFacts.of(after);
    if (isPasswordNew) {
      facts.put("password_updated_at", UserFacts.seconds(tx.now()));
    }
    UserStore.update(tx, after);
    if (!facts.equals(UserFacts.of(before))) {
      log.record(
          tx,
          after.root(),
          List.of(
              new Change(
                  "user.updated",
                  after.id(),
                  after.id().toString(),
                  after.name(),
                  UserFacts.of(before),
                  facts)));
    }
    return after;
  }

  private static User lock(Tx tx, Principal caller, UserId id) {
    return UserStore.findForUpdate(tx, caller.root(), id)
        .orElseThrow(() -> new ApiException.Refused(ErrorCode.NOT_FOUND));
  }

  private static Recharge recharge(Recharge known, Command command) {
    Recharge recharge =
        new Recharge(
            given(command.rechargeAmountMicros(), known.amountMicros()),
            given(command.secondaryRechargeAmountMicros(), known.secondaryAmountMicros()),
            given(command.rechargeThresholdMicros(), known.thresholdMicros()));
    if (!recharge.equals(known) && recharge.wouldLoop()) {
      throw new ApiException.Invalid(
          ErrorCode.PARAMETER_INVALID,
          command.prefix() + "recharge_threshold",
          "must be below recharge_amount: a recharge would begin the next one");
    }
    return recharge;
  }

  private static <T> @Nullable T given(Optional<Optional<T>> change, @Nullable T known) {
    return change.isPresent() ? change.get().orElse(null) : known;
  }

  private static User with(
      User user,
      Command command,
      @Nullable String email,
      @Nullable String phoneNumber,
      Recharge recharge,
      @Nullable SpendLimit spendLimit) {
    return new User(
        user.id(),
        user.root(),
        user.parent(),
        user.brand(),
        command.name().orElse(user.name()),
        email,
        phoneNumber,
        recharge,
        spendLimit,
        user.createdAt(),
        user.deletedAt());
  }
}
