package postern.main;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.random.RandomGenerator;
import postern.accounts.Accounts;
import postern.accounts.CreateUsers;
import postern.accounts.DeleteUser;
import postern.accounts.PurgeUsers;
import postern.accounts.RestoreUser;
import postern.accounts.UpdateUser;
import postern.accounts.Users;
import postern.accounts.web.UserViews;
import postern.billing.Wallets;
import postern.billing.gateway.Gateway;
import postern.config.Config;
import postern.config.Settings;
import postern.core.Ids;
import postern.crypto.Sealer;
import postern.crypto.Signer;
import postern.idempotency.IdempotencyKeys;
import postern.journal.ChangeLog;
import postern.keys.DeleteKey;
import postern.keys.IssueKey;
import postern.keys.KeyTexts;
import postern.keys.KeyUsage;
import postern.keys.Keys;
import postern.keys.RenameKey;
import postern.keys.SwitchKey;
import postern.keys.VerifiedKeys;
import postern.limits.AccountLimits;
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
  final UserViews userViews;
  final CreateUsers createUsers;
  final UpdateUser updateUser;
  final DeleteUser deleteUser;
  final RestoreUser restoreUser;
  final PurgeUsers purgeUsers;
  final Journals journals;
  final Billing billing;
  final People people;
  final PublicUrl publicUrl;
  final Opening opening;
  final Config config;
  final RenameKey renameKey;
  final Limits limits;
  final IdempotencyKeys idempotencyKeys;

  /** Makes the gateway that is set. */
  @FunctionalInterface
  interface GatewayFactory {
    Gateway make(Config config, Database database);
  }

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
    this(config, dataDir, address, clock, random, Billing::gatewayIn);
  }

  private Sealer requiredSealer(Path dataDir) {
    try {
      Sealer opened = Sealer.open(dataDir);
      NodeKeys.require(database, opened, Signer.open(dataDir), dataDir);
      return opened;
    } catch (RuntimeException e) {
      database.close();
      throw e;
    }
  }

  /** The same with a gateway of the caller's. */
  Services(
      Config config,
      Path dataDir,
      PostgresAddress address,
      InstantSource clock,
      RandomGenerator random,
      GatewayFactory gateway) {
    this.config = config;
    database = Database.open(address, databaseSettingsIn(config), clock);
    sealer = requiredSealer(dataDir);
    Ids ids = new Ids(random);
    journals = new Journals(config, dataDir, database, sealer, ids, random);
    users = new Users(database, new Wallets(), config.get(Settings.RESTORE_WINDOW));
    userViews = new UserViews(database, users, config.get(Settings.VIEWS_CACHED_BYTES_MAX));
    ChangeLog changes = journals.changes.and(userViews);
    billing = new Billing(config, database, gateway.make(config, database), ids, changes);
    publicUrl = new PublicUrl(config);
    people = new People(config, database, sealer, ids, random, journals, publicUrl);

    verifiedKeys =
        new VerifiedKeys(database, config.get(Settings.KEYS_CACHED_MAX), this::hearsOfDeadKeys);
    idempotencyKeys = new IdempotencyKeys(database, sealer, random);
    limits = new Limits(config, database, changes, clock);
    notifications =
        new Notifications(
            address,
            database,
            new Notifications.Listeners(
                Map.of(
                    Keys.CHANNEL,
                    verifiedKeys::heard,
                    AccountLimits.CHANNEL,
                    _ -> limits.reloadSoon()),
                this::forgetWhatMayBeStale,
                limits::reloadSoon));
    keyUsage = new KeyUsage(database, clock);
    keys = new Keys(sealer, verifiedKeys, new KeyTexts(random), ids);
    accounts = new Accounts(database, people.members);
    issueKey =
        new IssueKey(
            database, keys, users::requireLive, changes, config.get(Settings.KEYS_PER_USER_MAX));
    switchKey = new SwitchKey(database, keys, changes);
    renameKey = new RenameKey(database, keys, changes);
    deleteKey = new DeleteKey(database, keys, changes);

    opening = new Opening(config, database, keys, people, billing, ids, changes);
    createUsers =
        new CreateUsers(
            database,
            keys,
            ids,
            changes,
            config.get(Settings.CHILD_PHONE_NUMBER),
            config.get(Settings.CREATES_QUEUED_MAX));
    updateUser =
        new UpdateUser(database, people.passwords, people.passwordCheck, people.members, changes);
    deleteUser = new DeleteUser(database, keys, changes);
    restoreUser = new RestoreUser(database, keys, changes, config.get(Settings.RESTORE_WINDOW));
    purgeUsers = new PurgeUsers(database, keys, config.get(Settings.RESTORE_WINDOW));
  }

  private static Database.Settings databaseSettingsIn(Config config) {
    return new Database.Settings(
        config.get(Settings.POOL_SIZE),
        config.get(Settings.POOL_WAIT),
        config.get(Settings.STATEMENT_TIMEOUT));
  }

  private void forgetWhatMayBeStale() {
    verifiedKeys.forgetAll();
    limits.reloadSoon();
  }

  private boolean hearsOfDeadKeys() {
    return notifications.isCurrent();
  }

  @Override
  public void close() {
    people.close();
    billing.close();
    journals.close();
    notifications.close();
    limits.close();
    database.close();
  }
}
