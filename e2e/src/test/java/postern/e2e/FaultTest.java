package postern.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import postern.sql.EmbeddedPostgres;

/**
 * What can befall a server and its database, under 32 writers that send again what was not
 * answered: every acknowledged write is there, each was carried out once, nothing stands by half,
 * and it goes on by itself. {@code -Dpostern.e2e.kills=N} kills N times, {@code
 * -Dpostern.e2e.fault-rounds=N} tries every other fault N times, with outages of half a minute.
 */
final class FaultTest {
  private static final int ROUNDS = Integer.getInteger("postern.e2e.fault-rounds", 1);
  private static final int KILLS = Integer.getInteger("postern.e2e.kills", 1);
  private static final boolean IS_LONG = ROUNDS > 1;
  private static final int OUTAGE_MS = IS_LONG ? 30_000 : 4_000;
  private static final int CHILDREN_BETWEEN = 100;

  /** Longer than what PostgreSQL and the pool are given together, and shorter than forever. */
  private static final int RECOVERED_WITHIN_SECONDS = 60;

  /** Who is killed. */
  enum Victim {
    SERVER("SIGKILL of the server"),
    POSTGRES("SIGKILL of PostgreSQL"),
    BOTH("SIGKILL of both");

    private final String fault;

    Victim(String fault) {
      this.fault = fault;
    }
  }

  /** One fault that is tried again and again, and what came of it. */
  private static final class Trial implements AutoCloseable {
    private final String fault;
    private final Writers writers;
    private volatile DevServer server;
    private int rounds;
    private long longestRecoveryMs;

    Trial(String fault, DevServer server) {
      this.fault = fault;
      this.server = server;
      this.writers = Writers.careful(() -> this.server.production());
    }

    /** Waits until writes are acknowledged again. */
    void recovered(long sinceNanos) throws Exception {
      writers.awaitMore(1, RECOVERED_WITHIN_SECONDS);
      long tookMs = (System.nanoTime() - sinceNanos) / 1_000_000;
      longestRecoveryMs = Math.max(longestRecoveryMs, tookMs);
      rounds++;
      writers.awaitMore(CHILDREN_BETWEEN, RECOVERED_WITHIN_SECONDS);
    }

    /** Stops the writers and compares what they were told with what is there. */
    void conclude() throws Exception {
      writers.stop();
      Map<String, List<String>> there = server.production().childKeys();
      assertThat(there).containsAllEntriesOf(writers.acknowledged());
      assertThat(there).as("each was carried out once").hasSameSizeAs(writers.acknowledged());
      PosternProcess doctor =
          PosternProcess.start(
              List.of("doctor", "--data-dir", server.dataDir().toString()), server.environment());
      doctor.exitCode();
      assertThat(doctor.out()).contains("nothing is there by half");
      Reliability.write(fault, rounds, writers, longestRecoveryMs);
    }

    @Override
    public void close() {
      writers.close();
      server.close();
    }
  }

  @ParameterizedTest
  @EnumSource
  void kills(Victim victim) throws Exception {
    try (Trial trial = new Trial(victim.fault, DevServer.start("fault-" + victim))) {
      for (int round = 0; round < KILLS; round++) {
        trial.writers.awaitMore(ThreadLocalRandom.current().nextInt(CHILDREN_BETWEEN), 60);
        ProcessHandle postmaster = trial.server.postmaster();
        long startNanos = System.nanoTime();
        if (victim != Victim.SERVER) {
          postmaster.destroyForcibly();
        }
        if (victim != Victim.POSTGRES) {
          trial.server.process().kill();
          trial.server.process().exitCode();
          trial.server = DevServer.startOn(trial.server.dataDir(), 60, Map.of());
        }
        trial.recovered(startNanos);
      }
      trial.conclude();
      if (victim == Victim.POSTGRES) {
        allWereRefusedWithGrace(trial.writers);
      }
    }
  }

  /** An outage of the database that the server itself outlives. */
  private interface Outage {
    void begin() throws Exception;

    void end() throws Exception;
  }

  private static void outages(
      String fault,
      Path postgresDir,
      Map<String, String> settings,
      Function<OutsidePostgres, Outage> kind)
      throws Exception {
    int adminPort = freePort();
    try (OutsidePostgres postgres =
            OutsidePostgres.on(
                postgresDir, EmbeddedPostgres.Options.defaults().withSettings(settings));
        Trial trial = new Trial(fault, serverOn(postgres, adminPort))) {
      Outage outage = kind.apply(postgres);
      for (int round = 0; round < ROUNDS; round++) {
        trial.writers.awaitMore(CHILDREN_BETWEEN, 60);
        outage.begin();
        try {
          Waiting.until("it says that it is not ready", 30, () -> ready(adminPort) == 503);
          Thread.sleep(OUTAGE_MS);
        } finally {
          outage.end();
        }
        trial.recovered(System.nanoTime());
        assertThat(ready(adminPort)).isEqualTo(200);
      }
      trial.conclude();
      allWereRefusedWithGrace(trial.writers);
    }
  }

  private static DevServer serverOn(OutsidePostgres postgres, int adminPort) throws Exception {
    Map<String, String> environment = new HashMap<>(postgres.settings());
    environment.put("POSTERN_ADMIN_PORT", Integer.toString(adminPort));
    return DevServer.start("fault", environment);
  }

  private static void allWereRefusedWithGrace(Writers writers) {
    assertThat(writers.refused())
        .as("answers other than 201")
        .isNotEmpty()
        .allSatisfy(
            reply -> {
              // The first attempt at a request can still be at it when the second comes.
              assertThat(reply.status()).as(reply.body()).isIn(503, 409);
              assertThat(reply.retryAfter()).as(reply.body()).matches("[1-9][0-9]*");
            });
    assertThat(writers.cutOff()).as("requests without an answer").isZero();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static int ready(int adminPort) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + adminPort + "/health/ready"))
            .timeout(Duration.ofSeconds(30))
            .build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    }
  }

  @Test
  void postgresIsStopped() throws Exception {
    outages("PostgreSQL stopped", PosternProcess.newDataDir("stopped"), Map.of(), Stopped::new);
  }

  private record Stopped(OutsidePostgres postgres) implements Outage {
    @Override
    public void begin() {
      postgres.stop();
    }

    @Override
    public void end() {
      postgres.start();
    }
  }

  @Test
  void postgresIsPaused() throws Exception {
    outages(
        "PostgreSQL paused (SIGSTOP)", PosternProcess.newDataDir("paused"), Map.of(), Paused::new);
  }

  private record Paused(OutsidePostgres postgres) implements Outage {
    @Override
    public void begin() throws Exception {
      postgres.signal("STOP");
    }

    @Override
    public void end() throws Exception {
      postgres.signal("CONT");
    }
  }

  @Test
  void aStatementHangs() throws Exception {
    outages("statements hang", PosternProcess.newDataDir("hanging"), Map.of(), Hanging::new);
  }

  /** Holds what every write needs; one that waits is given up by its time limit. */
  private static final class Hanging implements Outage {
    private final OutsidePostgres postgres;
    private final List<Connection> held = new ArrayList<>();

    Hanging(OutsidePostgres postgres) {
      this.postgres = postgres;
    }

    @Override
    public void begin() throws SQLException {
      Connection connection = postgres.connect();
      held.add(connection);
      connection.setAutoCommit(false);
      try (Statement statement = connection.createStatement()) {
        statement.execute("lock table users in access exclusive mode");
      }
    }

    @Override
    public void end() throws SQLException {
      held.removeLast().close();
    }
  }

  /** On a file system of its own, which is filled. */
  @Test
  @Tag("mount")
  void theDiskIsFull() throws Exception {
    Path mounted = PosternProcess.newDataDir("full");
    run("mount", "-t", "tmpfs", "-o", "size=160m,mode=777", "postern", mounted.toString());
    try {
      outages(
          "disk full",
          mounted.resolve("data"),
          Map.of(),
          _ -> new Full(mounted.resolve("ballast")));
    } finally {
      run("umount", mounted.toString());
    }
  }

  private record Full(Path ballast) implements Outage {
    @Override
    public void begin() throws IOException {
      byte[] block = new byte[4_096];
      try (OutputStream out = Files.newOutputStream(ballast)) {
        while (true) {
          out.write(block);
        }
      } catch (IOException e) {
        assertThat(e).hasMessageContaining("No space left");
      }
    }

    @Override
    public void end() throws IOException {
      Files.delete(ballast);
    }
  }

  private static void run(String... command) throws Exception {
    Process process = new ProcessBuilder(command).inheritIO().start();
    assertThat(process.waitFor()).as(String.join(" ", command)).isZero();
  }

  @Test
  void postgresIsOutOfConnections() throws Exception {
    outages(
        "PostgreSQL out of connections",
        PosternProcess.newDataDir("crowded"),
        Map.of("max_connections", "20"),
        Crowded::new);
  }

  /** Takes every connection that there is, those of the server first. */
  private static final class Crowded implements Outage {
    private final OutsidePostgres postgres;
    private final List<Connection> taken = new ArrayList<>();

    Crowded(OutsidePostgres postgres) {
      this.postgres = postgres;
    }

    @Override
    public void begin() throws SQLException {
      Connection first = postgres.connect();
      taken.add(first);
      int refused = 0;
      while (refused < 50) {
        try (Statement statement = first.createStatement()) {
          statement.execute(
              "select pg_terminate_backend(pid) from pg_stat_activity"
                  + " where application_name = 'postern'");
        }
        try {
          taken.add(postgres.connect());
        } catch (SQLException e) {
          refused++;
        }
      }
    }

    @Override
    public void end() throws SQLException {
      while (!taken.isEmpty()) {
        taken.removeLast().close();
      }
    }
  }
}
