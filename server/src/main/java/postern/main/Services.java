package postern.main;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.random.RandomGenerator;
import postern.accounts.Accounts;
import postern.accounts.CreateAccount;
import postern.accounts.CreateUsers;
import postern.accounts.DeleteUser;
import postern.accounts.PurgeUsers;
import postern.accounts.RestoreUser;
import postern.accounts.UpdateUser;
import postern.accounts.Users;
import postern.billing.Terms;
import postern.billing.Wallets;
import postern.config.Config;
import postern.config.Settings;
import postern.core.Ids;
import postern.core.Money;
import postern.crypto.Passwords;
import postern.crypto.Sealer;
import postern.journal.ChangeLog;
import postern.keys.DeleteKey;
import postern.keys.IssueKey;
import postern.keys.KeyTexts;
import postern.keys.KeyUsage;
import postern.keys.Keys;
import postern.keys.SwitchKey;
import postern.keys.VerifiedKeys;
import postern.sql.Database;
import postern.sql.Notifications;
import postern.sql.PostgresAddress;

/**
 * Everything that Postern can do, without a way in: the server and the commands are the ways in.
 */
final class Services implements AutoCloseable {
  final Database database;
  final Notifications notifications;
  final Sealer sealer;
  final Keys keys;
  final VerifiedKeys verifiedKeys;
  final KeyUsage keyUsage;
  final IssueKey issueKey;
  final SwitchKey switchKey;
  final DeleteKey deleteKey;
  final Accounts accounts;
  final Users users;
  final CreateAccount createAccount;
  final CreateUsers createUsers;
  final UpdateUser updateUser;
  final DeleteUser deleteUser;
  final RestoreUser restoreUser;
  final PurgeUsers purgeUsers;
  final Journals journals;

  /**
   * Wires them.
   *
   * @param address a database that has the schema
   * @param random where ids and keys come from
   */
  Services(
      Config config,
      Path dataDir,
      PostgresAddress address,
      InstantSource clock,
      RandomGenerator random) {
    database =
        Database.open(
            address,
            new Database.Settings(
                config.get(Settings.POOL_SIZE),
                config.get(Settings.POOL_WAIT),
                config.get(Settings.STATEMENT_TIMEOUT)),
            clock);
    sealer = Sealer.open(dataDir);
    Ids ids = new Ids(random);
    Passwords passwords = new Passwords();
    Wallets wallets = new Wallets();

    journals = new Journals(config, dataDir, database, sealer, ids, random);
    ChangeLog changes = journals.changes;

    verifiedKeys =
        new VerifiedKeys(database, config.get(Settings.KEYS_CACHED_MAX), this::hearsOfDeadKeys);
    notifications =
        new Notifications(address, Keys.CHANNEL, verifiedKeys::heard, verifiedKeys::forgetAll);
    keyUsage = new KeyUsage(database, clock);
    keys = new Keys(sealer, verifiedKeys, new KeyTexts(random), ids);
    accounts = new Accounts(database);
    users = new Users(database, wallets, config.get(Settings.RESTORE_WINDOW));
    issueKey =
        new IssueKey(
            database, keys, users::requireLive, changes, config.get(Settings.KEYS_PER_USER_MAX));
    switchKey = new SwitchKey(database, keys, changes);
    deleteKey = new DeleteKey(database, keys, changes);

    createAccount =
        new CreateAccount(database, keys, wallets, passwords, ids, changes, termsIn(config));
    createUsers =
        new CreateUsers(database, keys, ids, changes, config.get(Settings.CHILD_PHONE_NUMBER));
    updateUser = new UpdateUser(database, passwords, changes);
    deleteUser = new DeleteUser(database, keys, changes);
    restoreUser = new RestoreUser(database, keys, changes, config.get(Settings.RESTORE_WINDOW));
    purgeUsers = new PurgeUsers(database, keys, config.get(Settings.RESTORE_WINDOW));
  }

  private boolean hearsOfDeadKeys() {
    return notifications.isCurrent();
  }

  private static Terms termsIn(Config config) {
    return new Terms(
        micros(config.get(Settings.PRICE_PER_SHIPMENT)),
        config.get(Settings.CC_FEE_RATE).orElse(BigDecimal.ZERO),
        config.get(Settings.INSURANCE_FEE_RATE).orElse(BigDecimal.ZERO),
        micros(config.get(Settings.INSURANCE_FEE_MINIMUM)),
        config.get(Settings.DEFAULT_INSURANCE_AMOUNT).map(Money::micros).orElse(null));
  }

  private static long micros(Optional<BigDecimal> dollars) {
    return dollars.map(Money::micros).orElse(0L);
  }

  @Override
  public void close() {
    journals.close();
    notifications.close();
    database.close();
  }
}
