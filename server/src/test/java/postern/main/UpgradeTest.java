package postern.main;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import postern.config.Config;
import postern.main.TestServer.Account;
import postern.sql.Migrations;
import postern.sql.PostgresAddress;
import postern.testing.TestPostgres;

/** A database of the oldest schema, with rows, under the newest server. */
@Tag("storage")
class UpgradeTest extends RouteTest {
  private static final String OLDEST = "0001";
  private static final List<String> TABLES_OF_OLDEST =
      List.of("users", "user_contacts", "api_keys", "wallets");

  /** Columns of the oldest schema that later ones no longer have. */
  private static final String GONE = "{\"password_failures\": 0}";

  @Test
  void isMigratedWhileTheServerStarts() throws Exception {
    Account parent = server().account();
    Account kid = child(parent);
    PostgresAddress old = TestPostgres.freshDatabase();
    Migrations.applyUpTo(old, OLDEST);
    for (String table : TABLES_OF_OLDEST) {
      copy(table, parent, old);
    }

    Path dataDir = TestServer.newDirectory();
    Files.copy(server().dataDir().resolve("keyset.json"), dataDir.resolve("keyset.json"));
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Integer> otherNode = executor.submit(() -> Migrations.apply(old, _ -> {}));
      try (RunningServer running = RunningServer.start(dataDir, configFor(old), _ -> {})) {
        assertThat(running.app().server().httpPort()).isPositive();
      }
      assertThat(otherNode.get()).isNotNegative();
    }

    try (TestServer upgraded = TestServer.on(old, dataDir)) {
      assertThat(GoldenSchemaTest.schemaOf(upgraded)).isEqualTo(GoldenSchemaTest.golden());
      TestClient client = upgraded.as(parent.productionKey());
      assertThat(each(client.get("/v2/users/children"), "children", "id"))
          .containsExactly(kid.id());
      assertThat(upgraded.as(kid.productionKey()).get("/v2/users").text("id")).isEqualTo(kid.id());
      assertThat(client.get("/v2/api_keys").body()).contains(kid.testKey(), kid.productionKey());
      Account created = childOf(client.post("/v2/users", "{\"user\":{\"name\":\"New\"}}"));
      assertThat(upgraded.as(created.productionKey()).get("/v2/users").status()).isEqualTo(200);
    }
  }

  /** Takes over a family's rows, less the columns that the old table did not have. */
  private static void copy(String table, Account parent, PostgresAddress to) throws Exception {
    String rows =
        rows(
                server(),
                "select jsonb_agg(to_jsonb(t) || '%s')::text from %s t where root_id = ?"
                    .formatted(GONE, table),
                uuid(parent.id()))
            .getFirst();
    try (Connection connection = TestPostgres.connect(to);
        PreparedStatement insert =
            connection.prepareStatement(
                "insert into %s select * from jsonb_populate_recordset(null::%s, ?::jsonb)"
                    .formatted(table, table))) {
      insert.setString(1, rows);
      assertThat(insert.executeUpdate()).isPositive();
    }
  }

  private static Config configFor(PostgresAddress address) {
    Map<String, String> properties = address.properties();
    return Config.load(
        TestServer.newDirectory(),
        Map.of(),
        Map.of(
            "http.port",
            "0",
            "https.port",
            "0",
            "admin.port",
            "0",
            "storage.url",
            address.jdbcUrl()
                + "?socketFactory="
                + properties.get("socketFactory")
                + "&socketFactoryArg="
                + URLEncoder.encode(
                    String.valueOf(properties.get("socketFactoryArg")), StandardCharsets.UTF_8),
            "storage.user",
            String.valueOf(properties.get("user")),
            "storage.password",
            String.valueOf(properties.get("password"))));
  }
}
