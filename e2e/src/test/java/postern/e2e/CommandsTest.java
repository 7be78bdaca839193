package postern.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The operator's commands, beside a running server and without one. */
final class CommandsTest {
  private static final Pattern READY = Pattern.compile("is ready: HTTP port (\\d+), HTTPS port");
  private static final Pattern SECRET = Pattern.compile("EZ[TA]K[0-9a-f]{32}|(?<!-)password");

  @Nested
  final class Serve {
    @Test
    void makesNoAccountPrintsNoSecretAndIsServedByTheOtherCommands() throws Exception {
      String dir = PosternProcess.newDataDir("serve").toString();
      PosternProcess server =
          PosternProcess.start(
              List.of("serve", "--data-dir", dir, "--http-port", "0", "--https-port", "0"),
              Map.of(
                  "POSTERN_ADMIN_PORT",
                  "0",
                  "POSTERN_SIGNUP_MODE",
                  "invited",
                  "POSTERN_LIMITS_MODE",
                  "standard"));
      try (server) {
        Waiting.until("the server is ready", 60, () -> READY.matcher(server.out()).find());
        assertThat(Commands.succeeded("account", "list", "--data-dir", dir)).isEmpty();

        ApiClient.Reply beside = Commands.created(dir, "beside@example.com");
        ApiClient client = new ApiClient(baseOf(server), beside.text("api_keys.1.key"));
        assertThat(client.get("/v2/users").text("id")).isEqualTo(beside.text("id"));
        int childrenBefore = client.get("/v2/users").list("children").size();
        assertThat(childrenBefore).isZero();

        // A rotation reaches the running server: old keys are still shown, new ones are made.
        String old = client.post("/v2/users", "{}").text("api_keys.1.key");
        assertThat(Commands.succeeded("keys", "rotate-keyset", "--data-dir", dir))
            .contains("sealed with");
        ApiClient.Reply sinceRotation = Commands.created(dir, "rotated@example.com");
        ApiClient rotated = new ApiClient(baseOf(server), sinceRotation.text("api_keys.1.key"));
        assertThat(rotated.get("/v2/api_keys").text("keys.1.key"))
            .isEqualTo(sinceRotation.text("api_keys.1.key"));
        assertThat(client.get("/v2/api_keys").body()).contains(old);
        String made = client.post("/v2/users", "{}").text("api_keys.1.key");
        assertThat(new ApiClient(baseOf(server), made).get("/v2/users").status()).isEqualTo(200);
        assertThat(client.get("/v2/api_keys").body()).contains(old).contains(made);

        // Both let people in, through the running server.
        String reset =
            Commands.succeeded(
                "account", "reset-password", "beside@example.com", "--data-dir", dir);
        assertThat(reset.strip()).matches("http://localhost:\\d+/reset-password/[\\w-]{43}");
        assertThat(client.get(reset.strip().replaceFirst("http://[^/]+", "")).body())
            .contains("Choose a new password");
        PosternProcess closed =
            PosternProcess.run("account", "invite", "new@example.com", "--data-dir", dir);
        assertThat(closed.err()).contains("signup.mode is closed");
        PosternProcess invitation =
            PosternProcess.start(
                List.of("account", "invite", "new@example.com", "--data-dir", dir),
                Map.of("POSTERN_SIGNUP_MODE", "invited"));
        assertThat(invitation.exitCode()).as(invitation.toString()).isZero();
        String invited = invitation.out();
        assertThat(client.get(invited.strip().replaceFirst("http://[^/]+", "")).body())
            .contains("new@example.com");
        assertThat(
                Commands.succeeded(
                    "account", "disable-second-factor", "beside@example.com", "--data-dir", dir))
            .contains("asks for the password alone");
        PosternProcess nobody =
            PosternProcess.run(
                "account", "reset-password", "nobody@example.com", "--data-dir", dir);
        assertThat(nobody.exitCode()).isEqualTo(2);
        assertThat(nobody.err()).contains("nobody logs in with nobody@example.com");

        assertThat(Commands.succeeded("audit", "verify", "--data-dir", dir))
            .containsPattern("[1-9][0-9]* entries of 2 families verified, 0 families with a flaw");

        // A limit of its own reaches the running server, and is told to whoever asks.
        assertThat(
                Commands.succeeded(
                    "limits", "set", "beside@example.com", "index", "7/s", "--data-dir", dir))
            .contains("index", "7/s", "its own");
        Waiting.until(
            "the limit is in force",
            10,
            () ->
                client.header("/v2/users/children", "RateLimit-Policy").contains("\"index\";q=7"));
        assertThat(Commands.succeeded("limits", "show", "beside@example.com", "--data-dir", dir))
            .containsPattern("index +7/s +its own")
            .containsPattern("writes +500/s burst 1000 +everybody's");
        assertThat(
                Commands.succeeded(
                    "limits", "unset", "beside@example.com", "index", "--data-dir", dir))
            .contains("5/s burst 50");

        assertThat(Commands.succeeded("migrate", "--data-dir", dir))
            .contains("0 migrations applied");
        assertThat(Commands.succeeded("account", "list", "--data-dir", dir))
            .contains("beside@example.com")
            .contains("rotated@example.com")
            .doesNotContain("EZAK");
      }
      assertThat(server.exitCode()).as(server.toString()).isZero();
      assertThat(SECRET.matcher(server.out() + server.err()).results().map(Object::toString))
          .isEmpty();
      assertThat(Path.of(dir, "dev.json")).doesNotExist();
    }

    private static String baseOf(PosternProcess server) {
      Matcher ready = READY.matcher(server.out());
      assertThat(ready.find()).isTrue();
      return "http://localhost:" + ready.group(1);
    }
  }

  @Nested
  final class Config {
    private final Path dir = PosternProcess.newDataDir("config");

    @Test
    void showsEachValueWithItsSourceAndSecretsAsStars() throws Exception {
      Files.writeString(
          dir.resolve("postern.properties"), "storage.password=hunter22\nhttp.port=9001\n");
      PosternProcess config =
          PosternProcess.start(
              List.of("config", "--data-dir", dir.toString()), Map.of("POSTERN_HTTP_PORT", "9002"));
      assertThat(config.exitCode()).as(config.toString()).isZero();
      assertThat(config.out())
          .containsPattern("(?m)^http\\.port +9002 +environment$")
          .containsPattern("(?m)^https\\.port +8443 +default$")
          .containsPattern("(?m)^storage\\.password +\\*+ +file$")
          .doesNotContain("hunter22");
    }

    @ParameterizedTest
    @ValueSource(strings = {"config", "serve", "migrate"})
    void anUnknownKeyStopsEveryCommandAndNamesTheNearest(String command) throws Exception {
      Files.writeString(dir.resolve("postern.properties"), "htp.port=9001\n");
      PosternProcess refused = PosternProcess.run(command, "--data-dir", dir.toString());
      assertThat(refused.exitCode()).as(refused.toString()).isEqualTo(2);
      assertThat(refused.err()).contains("htp.port").contains("did you mean http.port?");
      assertThat(refused.err()).doesNotContain("\tat ");
    }
  }

  @Test
  void versionNamesTheProgramAndItsJava() {
    assertThat(Commands.succeeded("version"))
        .containsPattern("postern \\d+\\.\\d+\\.\\d+")
        .containsPattern("java 25");
    String dir = PosternProcess.newDataDir("version").toString();
    assertThat(Commands.succeeded("version", "--data-dir", dir))
        .contains("data without an embedded");
  }

  @Test
  void anUnknownOptionIsRefusedWithTheUsage() {
    PosternProcess refused = PosternProcess.run("serve", "--prot", "80");
    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.err()).contains("--prot").contains("Usage:");
  }
}
