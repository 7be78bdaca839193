package postern.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import postern.sql.EmbeddedPostgres;

/**
 * A backup that is made under load moves a server from its own PostgreSQL to an older, outside one.
 */
@Tag("postgres15")
final class BackupTest {
  private static final Pattern READY = Pattern.compile("is ready: HTTP port (\\d+), HTTPS port");
  private static final Map<String, String> PASSPHRASE =
      Map.of("POSTERN_PASSPHRASE", "correct horse battery");

  @Test
  void movesEverythingThatWasAcknowledgedBefore() throws Exception {
    Path file = PosternProcess.newDataDir("backup").resolve("postern.backup");
    try (DevServer server = DevServer.start("backup-from")) {
      Map<String, List<String>> before;
      try (Writers writers = Writers.careless(server.production())) {
        writers.awaitMore(200, 30);
        before = writers.acknowledged();
        assertThat(
                run(
                    PASSPHRASE,
                    "backup",
                    "--data-dir",
                    server.dataDir().toString(),
                    file.toString()))
            .containsPattern("[1-9]\\d+ rows of \\d+ tables in ");
        writers.awaitMore(10, 30);
        writers.stop();
      }
      try (OutsidePostgres outside =
          OutsidePostgres.on(
              PosternProcess.newDataDir("postgres15"),
              EmbeddedPostgres.Options.defaults()
                  .withPostgresBin(Path.of("/usr/lib/postgresql/15/bin")))) {
        Map<String, String> environment = new HashMap<>(PASSPHRASE);
        environment.putAll(outside.settings());
        environment.put("POSTERN_ADMIN_PORT", "0");
        String dir = PosternProcess.newDataDir("backup-to").toString();
        assertThat(run(environment, "restore", "--data-dir", dir, file.toString()))
            .containsPattern("[1-9]\\d+ rows of \\d+ tables restored");
        assertThat(run(environment, "doctor", "--data-dir", dir))
            .contains("PostgreSQL 15")
            .contains("nothing is there by half")
            .contains("the keyset opens the API keys")
            .contains(", 0 to be done");
        serves(environment, dir, server.fact("production_key"), before);
      }
    }
  }

  private static void serves(
      Map<String, String> environment, String dir, String key, Map<String, List<String>> before)
      throws Exception {
    try (PosternProcess next =
        PosternProcess.start(
            List.of("serve", "--data-dir", dir, "--http-port", "0", "--https-port", "0"),
            environment)) {
      Waiting.until("the server is ready", 60, () -> READY.matcher(next.out()).find());
      Matcher ready = READY.matcher(next.out());
      assertThat(ready.find()).isTrue();
      ApiClient client = new ApiClient("http://127.0.0.1:" + ready.group(1), key);
      assertThat(client.childKeys()).containsAllEntriesOf(before);
    }
  }

  private static String run(Map<String, String> environment, String... arguments) {
    PosternProcess command = PosternProcess.start(List.of(arguments), environment);
    assertThat(command.exitCode()).as(command.toString()).isZero();
    return command.out();
  }
}
