package postern.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Other programs that wear a server out, while 32 writers go on: nobody of these is refused, and
 * when the attack is over the server holds no more descriptors than before. No other test runs
 * meanwhile (see the module's pom.xml), or it would be unknown who has worn the server out. {@code
 * -Dpostern.e2e.attack-connections=N} takes so many connections, for half a minute.
 */
@Tag("attack")
final class AttackTest {
  private static final int LONG_CONNECTIONS =
      Integer.getInteger("postern.e2e.attack-connections", 0);
  private static final int CONNECTIONS = LONG_CONNECTIONS == 0 ? 1_000 : LONG_CONNECTIONS;
  private static final int SECONDS = LONG_CONNECTIONS == 0 ? 5 : 30;
  private static final int SILENT_AT_MOST_SECONDS = 3;
  private static final int CHILDREN_AFTERWARDS = 20;

  /** What belongs to connections that the writers themselves and PostgreSQL may open. */
  private static final int SPARE_DESCRIPTORS = 60;

  private static final Map<String, String> SETTINGS =
      Map.of(
          "POSTERN_HTTP_READ_TIMEOUT",
          SILENT_AT_MOST_SECONDS + "s",
          "POSTERN_HTTP_CONNECTIONS_MAX",
          "20000",
          // Attackers, writers and the server share few processors: who waits for one is no sign
          // here.
          "POSTERN_SHED_TARGET_LATENCY",
          "1h");

  @SuppressWarnings("NullAway.Init")
  private DevServer server;

  @SuppressWarnings("NullAway.Init")
  private Writers writers;

  private long descriptorsBefore;

  /** A way in which slowhttptest is slow. */
  enum Slow {
    HEADERS("-H", "slow heads (slowhttptest)"),
    BODY("-B", "slow bodies (slowhttptest)"),
    READ("-X", "slow readers (slowhttptest)");

    private final String option;
    private final String fault;

    Slow(String option, String fault) {
      this.option = option;
      this.fault = fault;
    }
  }

  @BeforeEach
  void start() throws Exception {
    server = DevServer.start("attack", SETTINGS);
    writers = Writers.careful(() -> server.production());
    writers.awaitMore(CHILDREN_AFTERWARDS, 60);
    descriptorsBefore = descriptors();
  }

  @AfterEach
  void stop() {
    writers.close();
    server.close();
  }

  private long descriptors() throws IOException {
    try (Stream<Path> open =
        Files.list(Path.of("/proc/" + server.process().handle().pid() + "/fd"))) {
      return open.count();
    }
  }

  private void conclude(String fault) throws Exception {
    long endNanos = System.nanoTime();
    writers.awaitMore(CHILDREN_AFTERWARDS, 60);
    long tookMs = (System.nanoTime() - endNanos) / 1_000_000;
    Waiting.until(
        "the descriptors are given back",
        4 * SILENT_AT_MOST_SECONDS,
        () -> descriptors() <= descriptorsBefore + SPARE_DESCRIPTORS);
    writers.stop();
    // A connection of a writer's own can be silent for too long too, and end as the next request
    // comes: that one is sent again and counts as no refusal.
    assertThat(writers.refused()).as("answers other than 201").isEmpty();
    assertThat(server.production().childKeys()).containsAllEntriesOf(writers.acknowledged());
    Reliability.write(fault, 1, writers, tookMs);
  }

  @ParameterizedTest
  @EnumSource
  void slowClients(Slow slow) throws Exception {
    String report =
        run(
            List.of(
                "slowhttptest",
                slow.option,
                "-c",
                Integer.toString(CONNECTIONS),
                "-r",
                "1000",
                "-i",
                "1",
                "-l",
                Integer.toString(SECONDS),
                "-p",
                "5",
                "-u",
                server.fact("http") + "/v2/users"));
    assertThat(report).contains("service available:").doesNotContain("NO");
    conclude(String.format("%,d %s", CONNECTIONS, slow.fault));
  }

  /** Connections that never say a word; half of the descriptors of the test's own process. */
  @Test
  void idleConnections() throws Exception {
    URI address = URI.create(server.fact("http"));
    List<Socket> idle = new ArrayList<>();
    try {
      for (int i = 0; i < CONNECTIONS; i++) {
        idle.add(new Socket(InetAddress.getLoopbackAddress(), address.getPort()));
      }
      writers.awaitMore(CHILDREN_AFTERWARDS, 60);
      for (Socket socket : idle) {
        socket.setSoTimeout(4_000 * SILENT_AT_MOST_SECONDS);
        assertThat(socket.getInputStream().read()).as("closed by the server").isEqualTo(-1);
      }
    } finally {
      for (Socket socket : idle) {
        socket.close();
      }
    }
    conclude(String.format("%,d idle connections", CONNECTIONS));
  }

  @Test
  void aFloodOfReads() throws Exception {
    int requests = 5 * CONNECTIONS;
    String child = server.production().post("/v2/users", "{\"user\":{}}").text("id");
    String report =
        run(
            List.of(
                "h2load",
                "--h1",
                "-n",
                Integer.toString(requests),
                "-c",
                "200",
                "-t",
                "1",
                "-H",
                "Authorization: " + ApiClient.basic(server.fact("production_key")),
                server.fact("http") + "/v2/users/" + child));
    assertThat(report).contains("status codes: " + requests + " 2xx");
    conclude(String.format("%,d reads on 200 connections (h2load)", requests));
  }

  private static String run(List<String> command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String report = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(report).isZero();
    return report;
  }
}
