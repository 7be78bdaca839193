package postern.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What {@code bin/dev} promises beside its answers. */
final class DevTest {
  @SuppressWarnings("NullAway.Init")
  private static DevServer server;

  @BeforeAll
  static void start() throws Exception {
    server = DevServer.start("dev");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void devJsonHasAllMembersForItsOwnerAlone() throws Exception {
    assertThat(server.facts().keySet().stream().map(String::valueOf))
        .containsExactly(
            "pid",
            "http",
            "https",
            "ca_pem",
            "trust_store",
            "trust_store_password",
            "user_id",
            "email",
            "password",
            "test_key",
            "production_key");
    Path file = server.dataDir().resolve("dev.json");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(Path.of(server.fact("ca_pem"))).isAbsolute().isRegularFile();
    assertThat(Path.of(server.fact("trust_store"))).isAbsolute().isRegularFile();
  }

  @Test
  void bothKeysWorkAndAreOfTheirMode() throws Exception {
    assertThat(server.production().get("/v2/users").text("id")).isEqualTo(server.fact("user_id"));
    ApiClient.Reply refused = server.as(server.fact("test_key")).get("/v2/users");
    assertThat(refused.status()).isEqualTo(403);
    assertThat(refused.text("error.code")).isEqualTo("MODE.UNAUTHORIZED");
  }

  @Test
  void thePrintedCurlLineWorksWhenPasted() throws Exception {
    Matcher printed = Pattern.compile("curl .*\\\\\\n.*").matcher(server.process().out());
    assertThat(printed.find()).as(server.process().out()).isTrue();
    String line = printed.group();
    Process curl =
        new ProcessBuilder("sh", "-c", line.replace("curl ", "curl --silent --show-error "))
            .redirectErrorStream(true)
            .start();
    String answer = new String(curl.getInputStream().readAllBytes(), UTF_8);
    assertThat(curl.waitFor()).as(answer).isZero();
    assertThat(answer).contains("\"name\":\"First Child\"").contains("\"key\":\"EZAK");
  }

  @Test
  void aSecondServerOnTheDirectoryEndsAtOnceAndNamesTheFirst() throws Exception {
    PosternProcess second = PosternProcess.start(DevServer.arguments(server.dataDir()), Map.of());
    assertThat(second.exitCode()).as(second.toString()).isEqualTo(3);
    assertThat(second.err())
        .contains("is held by the process with id " + server.fact("pid"))
        .contains(server.dataDir().toString());
    assertThat(second.out()).doesNotContain("EZAK");
    assertThat(server.dataDir().resolve("dev.json")).as("the first one's file").exists();
    assertThat(server.production().get("/v2/users").status()).isEqualTo(200);
  }

  @Test
  void aFileThatAKilledServerLeftIsGoneBeforeTheNextOneAnswers() throws Exception {
    Path dir = PosternProcess.newDataDir("stale");
    Files.writeString(dir.resolve("dev.json"), "{\"pid\":1}");
    try (PosternProcess next =
        PosternProcess.start(DevServer.arguments(dir, "--tls-name", "not a name!"), Map.of())) {
      assertThat(next.exitCode()).as(next.toString()).isNotZero();
    }
    assertThat(dir.resolve("dev.json")).doesNotExist();
  }
}
