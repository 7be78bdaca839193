package postern.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The official Node client, unmodified, over TLS: {@code e2e/node} holds what it is asked. */
final class OfficialNodeClientTest {
  private static final int NODE_MAJOR_MIN = 18;
  private static final Path FOLDER = PosternProcess.source("node");

  @Test
  void doesEverythingThatItCan() throws Exception {
    if (Boolean.getBoolean("postern.e2e.without-node")) {
      System.out.println("NOT RUN: official Node client");
      return;
    }
    requireNode();
    installClient();
    try (DevServer server = DevServer.start("node-client");
        StripeTokens stripe = new StripeTokens(server)) {
      Finished tests =
          run(
              Map.of(
                  "NODE_EXTRA_CA_CERTS", server.fact("ca_pem"),
                  "DEV_JSON", server.dataDir().resolve("dev.json").toString(),
                  "STRIPE_PORT", Integer.toString(stripe.port())),
              List.of("node", "--test", "clients.test.mjs"));
      assertThat(tests.exitCode()).as(tests.output()).isZero();
      assertThat(tests.output()).containsPattern("pass [1-9][0-9]").contains("fail 0");
    }
  }

  private static void requireNode() throws Exception {
    String found;
    try {
      found = run(Map.of(), List.of("node", "--version")).output().strip();
    } catch (IOException e) {
      found = "none";
    }
    if (!found.matches("v\\d+\\..*")
        || Integer.parseInt(found.substring(1, found.indexOf('.'))) < NODE_MAJOR_MIN) {
      fail(
          "Node %d or newer is needed and %s was found: install one (Debian: apt-get install"
              + " nodejs npm), or leave this test out with -Dpostern.e2e.without-node=true",
          NODE_MAJOR_MIN, found);
    }
  }

  /** Installs what the lock file names; not again while the lock file is the same. */
  private static void installClient() throws Exception {
    Path stamp = PosternProcess.target("node").resolve("installed-package-lock.json");
    Path lock = FOLDER.resolve("package-lock.json");
    if (Files.exists(stamp)
        && Files.isDirectory(FOLDER.resolve("node_modules"))
        && Files.mismatch(stamp, lock) == -1) {
      return;
    }
    Finished install = run(Map.of(), List.of("npm", "ci", "--no-audit", "--no-fund"));
    assertThat(install.exitCode()).as(install.output()).isZero();
    Files.copy(lock, stamp, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
  }

  private record Finished(int exitCode, String output) {}

  private static Finished run(Map<String, String> environment, List<String> command)
      throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(FOLDER.toFile()).redirectErrorStream(true);
    builder.environment().putAll(environment);
    Process process = builder.start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    return new Finished(process.waitFor(), output);
  }
}
