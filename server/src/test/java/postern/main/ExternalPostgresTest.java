package postern.main;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import postern.accounts.CreateAccount;
import postern.config.Config;
import postern.config.ConfigException;
import postern.sql.PostgresAddress;
import postern.testing.TestPostgres;

/** {@code storage.url}: a PostgreSQL that is not the server's own. */
@Tag("storage")
class ExternalPostgresTest {
  @TempDir Path dataDir;
  private final List<String> told = new ArrayList<>();

  private Config config(String url, String password) {
    return Config.load(
        dataDir,
        Map.of(),
        Map.of(
            "storage.url", url,
            "storage.user", "postern",
            "storage.password", password,
            "http.port", "0",
            "https.port", "0",
            "admin.port", "0"));
  }

  /** The tests' PostgreSQL has a socket and no port, so the URL must say how it is reached. */
  private static String urlOf(PostgresAddress address) {
    Map<String, String> socket = address.properties();
    return address.jdbcUrl()
        + "?socketFactory="
        + socket.get("socketFactory")
        + "&socketFactoryArg="
        + URLEncoder.encode(String.valueOf(socket.get("socketFactoryArg")), StandardCharsets.UTF_8);
  }

  @Test
  void servesFromItAndStartsNoneOfItsOwn() {
    PostgresAddress address = TestPostgres.freshDatabase();
    String password = String.valueOf(address.properties().get("password"));
    for (int start = 1; start <= 2; start++) {
      try (RunningServer server =
              RunningServer.start(dataDir, config(urlOf(address), password), told::add);
          HttpClient http = HttpClient.newHttpClient()) {
        String email = "start" + start + "@example.com";
        CreateAccount.Created account =
            server
                .app()
                .services()
                .opening
                .createAccount
                .run(new CreateAccount.Command("Outside", email, Optional.empty(), false));
        String key = account.keys().getLast().text();
        int port = server.app().server().httpPort();
        TestClient client = new TestClient(http, "http://127.0.0.1:" + port, key);
        assertThat(client.get("/v2/users").text("email")).isEqualTo(email);
      }
    }
    assertThat(dataDir.resolve("postgres")).doesNotExist();
    assertThat(dataDir.resolve("keyset.json")).exists();
    assertThat(told).noneMatch(line -> line.contains(password));
  }

  @Test
  void isRefusedWithAPasswordInItsUrl() {
    Config config = config("jdbc:postgresql://db.example.com/postern?password=secret", "");
    assertThatThrownBy(() -> RunningServer.start(dataDir, config, told::add))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("use storage.password")
        .hasMessageNotContaining("secret");
  }
}
