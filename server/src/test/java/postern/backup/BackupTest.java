package postern.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import postern.main.TestClient;
import postern.main.TestServer;
import postern.main.TestServer.Account;
import postern.sql.Migrations;
import postern.sql.PostgresAddress;
import postern.testing.TestPostgres;
import postern.testing.Waiting;

/** Everything goes into one file and comes back as it was, or not at all. */
@Tag("storage")
class BackupTest {
  private static final char[] PASSPHRASE = "correct horse battery".toCharArray();

  @TempDir static Path folder;
  private static TestServer server;
  private static Account account;
  private static Path file;
  private static List<String> contents;
  private static Backup.Report written;

  @BeforeAll
  static void start() throws Exception {
    server = TestServer.start();
    account = server.account(Optional.of("a long enough password"));
    TestClient client = server.as(account.productionKey());
    for (int i = 0; i < 20; i++) {
      client.post("/v2/users", "{\"user\":{\"name\":\"Back \\\\ slash and Ünïcode " + i + "\"}}");
    }
    String card =
        client
            .post("/v2/credit_cards", "{\"credit_card\":{\"payment_method_id\":\"pm_card_visa\"}}")
            .text("id");
    client.post("/v2/credit_cards/" + card + "/charges", "{\"amount\":\"5000\"}");
    client.post("/v2/charges", "{\"charge\":{\"amount\":\"12.34\"}}");
    client.post(
        "/v2/webhooks",
        "{\"webhook\":{\"url\":\"http://127.0.0.1:1/hook\",\"include_children\":true}}");
    client.post("/v2/users", "{\"user\":{\"name\":\"Told to the webhook\"}}");
    server.numberEvents();
    server.chainAudit();
    server.signAudit();
    // Rows change beside all this: a key's with its use, the webhook's with the first attempt.
    server.flushKeyUsage();
    Waiting.until(
        "the receiver that is not there was called",
        () -> !server.rows("select id from webhooks where failing_since is not null").isEmpty());
    file = folder.resolve("postern.backup");
    contents = contents(server.database());
    written = backup(server.dataDir(), server.database(), file);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static Backup.Report backup(Path dataDir, PostgresAddress address, Path target) {
    return new Backup(
            dataDir,
            address,
            InstantSource.system(),
            new SecureRandom(),
            new java.util.ArrayList<String>()::add)
        .run(target, PASSPHRASE, "test");
  }

  private static Restore.Report restore(
      Path from, PostgresAddress to, Path dataDir, char[] secret) {
    return new Restore(dataDir, to, new java.util.ArrayList<String>()::add).run(from, secret);
  }

  @Test
  void bringsEveryRowAndKeyBack() throws Exception {
    PostgresAddress database = TestPostgres.freshDatabase();
    Path dataDir = TestServer.newDirectory();
    Restore.Report report = restore(file, database, dataDir, PASSPHRASE);
    assertThat(report.rows()).isEqualTo(written.rows()).isGreaterThan(100);
    assertThat(contents(database)).containsExactlyElementsOf(contents);
    try (TestServer restored = TestServer.on(database, dataDir)) {
      TestClient before = server.as(account.productionKey());
      TestClient after = restored.as(account.productionKey());
      for (String path : List.of("/v2/users", "/v2/api_keys", "/v2/ledger", "/v2/webhooks")) {
        assertThat(after.get(path).body()).as(path).isEqualTo(before.get(path).body());
      }
      // Whatever numbers itself goes on where it was.
      assertThat(after.post("/v2/users", "{}").status()).isEqualTo(201);
      restored.numberEvents();
      restored.chainAudit();
      assertThat(restored.checkAllLedgers().flaws()).isEmpty();
      assertThat(
              restored.verifyAudit(postern.core.UserId.parse(account.id()).orElseThrow()).flaws())
          .isEmpty();
    }
  }

  /** Every table with its rows, but for what a running server moves by itself. */
  private static List<String> contents(PostgresAddress address) throws Exception {
    try (postern.sql.Tables tables = postern.sql.Tables.snapshot(address)) {
      return tables.all().stream()
          .filter(table -> !List.of("deliveries", "payloads").contains(table.name()))
          .flatMap(
              table -> {
                try {
                  var rows = new java.io.ByteArrayOutputStream();
                  tables.copyOut(table, rows);
                  return Stream.concat(
                      Stream.of(table.toString()),
                      rows.toString(StandardCharsets.UTF_8).lines().sorted());
                } catch (java.io.IOException e) {
                  throw new java.io.UncheckedIOException(e);
                }
              })
          .toList();
    }
  }

  @Test
  void showsNothingWithoutItsPassphrase() throws Exception {
    String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    assertThat(text).doesNotContain("users").doesNotContain("Tab").doesNotContain("manifest");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(folder.resolve("postern.backup.partial")).doesNotExist();
  }

  @Test
  void changesNothingWhereItIsDamagedOrNotWhole() throws Exception {
    PostgresAddress database = TestPostgres.freshDatabase();
    Path dataDir = TestServer.newDirectory();
    byte[] bytes = Files.readAllBytes(file);
    Path broken = folder.resolve("broken.backup");
    byte[] flipped = bytes.clone();
    flipped[bytes.length / 2] ^= 1;
    for (byte[] each :
        List.of(
            flipped,
            Arrays.copyOf(bytes, bytes.length - 1),
            Arrays.copyOf(bytes, bytes.length / 2),
            Arrays.copyOf(bytes, 10),
            "no backup at all".getBytes(StandardCharsets.UTF_8))) {
      Files.write(broken, each);
      assertThatThrownBy(() -> restore(broken, database, dataDir, PASSPHRASE))
          .isInstanceOf(BackupException.class)
          .message()
          .hasLineCount(1);
    }
    assertThatThrownBy(() -> restore(file, database, dataDir, "another passphrase".toCharArray()))
        .isInstanceOf(BackupException.class)
        .message()
        .contains("passphrase")
        .hasLineCount(1);
    assertThat(Restore.obstacle(dataDir)).isEmpty();
    // And the database takes the whole one.
    assertThat(restore(file, database, dataDir, PASSPHRASE).rows()).isEqualTo(written.rows());
    assertThat(Restore.obstacle(dataDir)).isPresent();
    assertThatThrownBy(() -> restore(file, database, TestServer.newDirectory(), PASSPHRASE))
        .isInstanceOf(BackupException.class)
        .hasMessageContaining("has accounts already");
  }

  @Test
  void ofTheOldestSchemaIsBroughtUpToDate() throws Exception {
    PostgresAddress old = TestPostgres.freshDatabase();
    Migrations.applyUpTo(old, "0001");
    String root = "01a20000-0000-7000-8000-000000000001";
    try (Connection connection = TestPostgres.connect(old);
        Statement statement = connection.createStatement()) {
      statement.execute(
          "insert into users (root_id, id, brand_id, name, created_at, updated_at)"
              + " values ('%s', '%s', '%s', 'Old', now(), now())".formatted(root, root, root));
      statement.execute(
          "insert into wallets (root_id, price_per_shipment_micros, cc_fee_rate,"
              + " insurance_fee_rate, insurance_fee_minimum_micros) values ('%s', 0, 0, 0, 0)"
                  .formatted(root));
    }
    Path oldFile = folder.resolve("old.backup");
    assertThat(backup(TestServer.newDirectory(), old, oldFile).rows()).isEqualTo(2);
    PostgresAddress database = TestPostgres.freshDatabase();
    restore(oldFile, database, TestServer.newDirectory(), PASSPHRASE);
    assertThat(Migrations.version(database)).isEqualTo(Migrations.newest(database));
    try (Connection connection = TestPostgres.connect(database);
        Statement statement = connection.createStatement();
        ResultSet found = statement.executeQuery("select name from users")) {
      assertThat(found.next()).isTrue();
      assertThat(found.getString(1)).isEqualTo("Old");
    }
  }
}
