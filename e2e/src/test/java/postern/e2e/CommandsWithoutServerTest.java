package postern.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The operator's commands where no server runs: each starts the embedded PostgreSQL for itself. */
final class CommandsWithoutServerTest {
  @Test
  void accountsAreMadeAndListedAndTheirKeysWorkInTheNextServer() throws Exception {
    Path dir = PosternProcess.newDataDir("alone");
    // Commands work on a server's data and make none.
    DevServer.startOn(dir, 60, Map.of()).close();
    assertThat(Commands.succeeded("migrate", "--data-dir", dir.toString()))
        .contains(", 0 migrations applied");
    ApiClient.Reply account = Commands.created(dir.toString(), "alone@example.com");
    assertThat(account.text("partner")).isEqualTo("true");
    assertThat(Commands.succeeded("account", "list", "--data-dir", dir.toString()))
        .contains("\"email\":\"alone@example.com\"")
        .hasLineCount(2);

    PosternProcess again = Commands.create(dir.toString(), "alone@example.com");
    assertThat(again.exitCode()).as(again.toString()).isEqualTo(1);
    assertThat(again.err()).contains("email").doesNotContain("\tat ");

    try (DevServer server = DevServer.startOn(dir, 60, Map.of())) {
      ApiClient client = server.as(account.text("api_keys.1.key"));
      assertThat(client.get("/v2/users").text("id")).isEqualTo(account.text("id"));
    }
  }
}
