package postern.main;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import postern.accounts.CreateAccount;
import postern.audit.AuditVerify;
import postern.billing.LedgerCheck;
import postern.billing.gateway.Gateway;
import postern.config.Config;
import postern.core.Mode;
import postern.core.UserId;
import postern.http.Routes;
import postern.keys.ApiKey;
import postern.limits.AccountLimits;
import postern.limits.Limit;
import postern.sql.Migrations;
import postern.sql.PostgresAddress;
import postern.testing.FakeTime;
import postern.testing.TestPostgres;

/**
 * The real server, wired as in production, on free ports and a database of its own that is cloned
 * from a template with the schema. Time stands still until the test moves it.
 */
public final class TestServer implements AutoCloseable {
  /** A parent account and its two keys. */
  public record Account(String id, String testKey, String productionKey, String email) {}

  private static final class Template {
    static final String NAME = make();

    private static String make() {
      PostgresAddress address = TestPostgres.freshDatabase();
      Migrations.apply(address, text -> {});
      return TestPostgres.nameOf(address);
    }
  }

  private static final List<String> KEY_FILES = List.of("keyset.json", "signing-key");

  private final FakeTime time = new FakeTime();
  private final Path dataDir;
  final PostgresAddress address;
  private final App app;
  private final HttpClient client = HttpClient.newHttpClient();
  private int accounts;
  private @Nullable Connection rows;

  private TestServer(
      PostgresAddress address,
      Path dataDir,
      Map<String, String> settings,
      UnaryOperator<Gateway> gateway) {
    this.address = address;
    this.dataDir = dataDir;
    Map<String, String> flags = new HashMap<>();
    flags.put("http.port", "0");
    flags.put("https.port", "0");
    flags.put("admin.port", "0");
    flags.put("webhooks.allow-private-targets", "true");
    // Tests run several at once on few processors: what waits there says nothing.
    flags.put("shed.target-latency", "1h");
    // Time stands still, so that nothing would come back: tests of limits set their own.
    for (Limit limit : Limit.values()) {
      flags.put(limit.setting().key(), "1000000/s");
    }
    flags.putAll(settings);
    Config config = Config.load(dataDir, Map.of(), flags);
    Services services =
        new Services(
            config,
            dataDir,
            address,
            time,
            new SecureRandom(),
            (of, database) -> gateway.apply(Billing.gatewayIn(of, database)));
    this.app = App.start(services, config, TestTls.CONTEXT, () -> true, time);
  }

  /** A server with the default settings. */
  public static TestServer start() {
    return start(Map.of());
  }

  /** A server with some settings of its own, by their keys. */
  public static TestServer start(Map<String, String> settings) {
    return start(settings, gateway -> gateway);
  }

  /** A server whose calls of the payment gateway go through another one. */
  public static TestServer start(Map<String, String> settings, UnaryOperator<Gateway> gateway) {
    return new TestServer(TestPostgres.clone(Template.NAME), newDirectory(), settings, gateway);
  }

  /** A server on a database and a data directory that are there already. */
  public static TestServer on(PostgresAddress address, Path dataDir) {
    return new TestServer(address, dataDir, Map.of(), gateway -> gateway);
  }

  /** A second server on the same database and with the same keyset, as another node would be. */
  public TestServer secondNode() {
    return secondNode(Map.of());
  }

  /** The same with some settings of its own. */
  public TestServer secondNode(Map<String, String> settings) {
    return new TestServer(address, copyOfKeys(), settings, gateway -> gateway);
  }

  /** The same, but it reaches the database at another address, through a pooler for example. */
  public TestServer secondNodeAt(PostgresAddress other) {
    return new TestServer(other, copyOfKeys(), Map.of(), gateway -> gateway);
  }

  private Path copyOfKeys() {
    Path directory = newDirectory();
    try {
      for (String name : KEY_FILES) {
        Files.copy(dataDir.resolve(name), directory.resolve(name));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return directory;
  }

  /** Whether this node hears what other nodes announce. */
  public boolean hearsAnnouncements() {
    return app.services().notifications.isCurrent();
  }

  /** An empty data directory. */
  public static Path newDirectory() {
    try {
      Path parent = Files.createDirectories(Path.of("target", "test-data"));
      return Files.createTempDirectory(parent, "dir-").toAbsolutePath();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A new parent account with an e-mail address of its own and no password. */
  public Account account() {
    return account(Optional.empty());
  }

  /** A new parent account with a password. */
  public Account account(Optional<String> password) {
    return account(password, false);
  }

  /** A new parent account that may have referral customers. */
  public Account partner() {
    return account(Optional.empty(), true);
  }

  private Account account(Optional<String> password, boolean isPartner) {
    accounts++;
    CreateAccount.Created created =
        app.services()
            .opening
            .createAccount
            .run(
                new CreateAccount.Command(
                    "Parent " + accounts,
                    "parent" + accounts + "@example.com",
                    password,
                    isPartner));
    return new Account(
        created.user().id().toString(),
        keyOf(created.keys(), Mode.TEST),
        keyOf(created.keys(), Mode.PRODUCTION),
        String.valueOf(created.user().email()));
  }

  private static String keyOf(List<ApiKey> keys, Mode mode) {
    return keys.stream().filter(key -> key.mode() == mode).findFirst().orElseThrow().text();
  }

  /** Sends requests with a key, or without one for null. */
  public TestClient as(@Nullable String key) {
    return new TestClient(client, "http://127.0.0.1:" + app.server().httpPort(), key);
  }

  /** Sends requests over HTTPS. */
  public TestClient asTls(@Nullable String key) {
    return new TestClient(TestTls.CLIENT, "https://localhost:" + app.server().httpsPort(), key);
  }

  /** Sends requests to the operator's port. */
  public TestClient asOperator() {
    return new TestClient(client, "http://127.0.0.1:" + app.server().adminPort(), null);
  }

  public FakeTime time() {
    return time;
  }

  public int adminPort() {
    return app.server().adminPort();
  }

  public int httpPort() {
    return app.server().httpPort();
  }

  public int httpsPort() {
    return app.server().httpsPort();
  }

  /** The address of the server's own database. */
  public PostgresAddress database() {
    return address;
  }

  /** Where the server keeps its keyset and certificates. */
  public Path dataDir() {
    return dataDir;
  }

  /** The table of all routes. */
  public Routes routes() {
    return app.routes();
  }

  /** Makes an invitation, as the command does: what opens it. */
  public String invite(String email) {
    return app.services().opening.signUp.invite(email).reveal();
  }

  /** Makes a link for a new password, as the command does: what opens it. */
  public String resetLink(String email) {
    return app.services().people.resetPassword.linkFor(email).orElseThrow().reveal();
  }

  /** Asks for a new password, as the page does. */
  public void askForReset(String email) {
    app.services().people.resetPassword.request(email);
  }

  /** The limits that accounts have of their own. */
  public AccountLimits accountLimits() {
    return app.services().limits.ofAccounts;
  }

  /** Whether limits are counted together with other nodes just now. */
  public boolean sharesLimits() {
    return app.services().limits.rates.isShared();
  }

  /** Has mail looked at that is due. */
  public void wakeMail() {
    app.services().people.wakeMail();
  }

  /** Purges what is due now; how many children that were. */
  public int purge() {
    return app.services().purgeUsers.run();
  }

  /** Gives committed events their places in the feed, as the loop does. */
  public void numberEvents() {
    app.services().journals.numbering.numberAll();
  }

  /** Chains the committed rows of the audit log, as the loop does. */
  public void chainAudit() {
    app.services().journals.chain.chainAll();
  }

  /** Signs the ends of the audit log, as the job does; how many those were. */
  public int signAudit() {
    return app.services().journals.chain.sign();
  }

  /** Writes down the refusals that wait, as the job does. */
  public void flushRefusals() {
    app.services().journals.refusals.flush();
  }

  /** Purges the refusals that are due now; how many those were. */
  public int purgeRefusals() {
    return app.services().journals.refusals.purge();
  }

  /** Verifies a family's audit log, as the command does. */
  public AuditVerify.Report verifyAudit(UserId root) {
    return new AuditVerify(app.services().database, app.services().journals.signer)
        .run(Optional.of(root), rows -> {});
  }

  /** Purges the events that are due now; how many those were. */
  public int purgeEvents() {
    return app.services().journals.purgeEvents.run();
  }

  /** Purges the deliveries that are due now; how many those were. */
  public int purgeDeliveries() {
    return app.services().journals.deliveries.purge();
  }

  /** Checks what was written to the ledgers since the last time, as the job does. */
  public List<LedgerCheck.Flaw> checkLedgers() {
    return app.services().billing.ledgerCheck.sinceLastTime().flaws();
  }

  /** Checks all ledgers from their beginning, as the command does. */
  public LedgerCheck.Report checkAllLedgers() {
    return app.services().billing.ledgerCheck.full(entries -> {});
  }

  /** Users whose remembered view is out of date. */
  public List<String> outdatedViews() {
    return new ViewCheck(app.services()).outdated(rows(ViewCheck.LAST_CHANGED));
  }

  /** Has due payments looked at, as after time has passed. */
  public void wakePayments() {
    app.services().billing.payments.wake();
  }

  /** Writes the last use of keys, as the job does. */
  public void flushKeyUsage() {
    app.services().keyUsage.flush();
  }

  /** A transaction that holds the lock of a family's wallet until it ends. */
  public Connection lockWallet(String root) throws SQLException {
    Connection holder = TestPostgres.connect(address);
    holder.setAutoCommit(false);
    try (PreparedStatement lock =
        holder.prepareStatement("select 1 from wallets where root_id = ? for update")) {
      lock.setObject(1, RouteTest.uuid(root));
      lock.executeQuery();
    }
    return holder;
  }

  /**
   * The first column of a query on the server's database. All calls share a connection: to log in
   * costs more than to ask.
   */
  public synchronized List<String> rows(String sql, @Nullable Object... arguments) {
    try (PreparedStatement statement = connection().prepareStatement(sql)) {
      for (int i = 0; i < arguments.length; i++) {
        statement.setObject(i + 1, arguments[i]);
      }
      List<String> found = new ArrayList<>();
      try (ResultSet results = statement.executeQuery()) {
        while (results.next()) {
          found.add(String.valueOf(results.getString(1)));
        }
      }
      return found;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private Connection connection() throws SQLException {
    Connection known = rows;
    if (known == null || !known.isValid(0)) {
      known = TestPostgres.connect(address);
      rows = known;
    }
    return known;
  }

  private synchronized void disconnect() {
    try {
      if (rows != null) {
        rows.close();
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    disconnect();
    client.close();
    app.close();
  }
}
