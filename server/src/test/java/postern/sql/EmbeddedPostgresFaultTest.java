package postern.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.PGConnection;
import postern.testing.TestPostgres;
import postern.testing.Waiting;

/** Kills what can be killed, and looks what is left. */
final class EmbeddedPostgresFaultTest {

  private static final String DATABASE = "postgres";
  private static final String TOOLS = System.getenv("PATH");
  private static final Path CACHE = EmbeddedPostgres.Options.defaults().cacheDir().orElseThrow();

  @TempDir Path directory;
  private final List<String> told = new CopyOnWriteArrayList<>();

  private EmbeddedPostgres start(DataDirectoryLock lock) {
    return EmbeddedPostgres.start(
        lock, EmbeddedPostgres.Options.defaults().withProgress(told::add));
  }

  private static void kill(long pid) {
    ProcessHandle.of(pid).orElseThrow().destroyForcibly();
  }

  /** A dead process may wait to be reaped, as long as the system's first process likes. */
  private static boolean isGone(long pid) {
    try {
      return !ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false)
          || Files.readString(Path.of("/proc", Long.toString(pid), "stat")).contains(") Z ");
    } catch (IOException e) {
      return true;
    }
  }

  private static void tell(PostgresAddress address, String sql) throws SQLException {
    try (Connection connection = TestPostgres.connect(address);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static long ask(PostgresAddress address, String sql) throws SQLException {
    try (Connection connection = TestPostgres.connect(address);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getLong(1);
    }
  }

  @Nested
  class WhenPostgresDies {

    @Test
    void itIsStartedAgainWithAllThatWasCommitted() throws Exception {
      try (DataDirectoryLock lock = DataDirectoryLock.take(directory);
          EmbeddedPostgres postgres = start(lock)) {
        PostgresAddress address = postgres.address(DATABASE);
        tell(address, "create table kept (n int)");
        for (int round = 1; round <= 3; round++) {
          tell(address, "insert into kept values (" + round + ")");
          kill(postgres.pid());
          long count = Waiting.untilNoError(() -> ask(address, "select count(*) from kept"));
          assertThat(count).isEqualTo(round);
          Waiting.until("it says that it runs", postgres::isRunning);
        }
      }
    }

    @Test
    void soItIsBelowALongPath() throws Exception {
      Path deep = directory.resolve("d".repeat(60)).resolve("e".repeat(60));
      try (DataDirectoryLock lock = DataDirectoryLock.take(deep);
          EmbeddedPostgres postgres = start(lock)) {
        PostgresAddress address = postgres.address(DATABASE);
        kill(postgres.pid());
        assertThat(Waiting.untilNoError(() -> ask(address, "select 1"))).isEqualTo(1);
      }
    }

    @Test
    void aKilledBackendTakesTheOthersDownButNotTheServer() throws Exception {
      try (DataDirectoryLock lock = DataDirectoryLock.take(directory);
          EmbeddedPostgres postgres = start(lock)) {
        PostgresAddress address = postgres.address(DATABASE);
        long server = postgres.pid();
        Connection connection = TestPostgres.connect(address);
        kill(connection.unwrap(PGConnection.class).getBackendPID());
        assertThat(Waiting.untilNoError(() -> ask(address, "select 1"))).isEqualTo(1);
        connection.abort(Runnable::run);
        assertThat(postgres.pid()).isEqualTo(server);
        assertThat(postgres.isRunning()).isTrue();
      }
    }

    @Test
    void orphansThatStillHoldItsMemoryAreEnded() throws Exception {
      try (DataDirectoryLock lock = DataDirectoryLock.take(directory);
          EmbeddedPostgres postgres = start(lock)) {
        PostgresAddress address = postgres.address(DATABASE);
        Connection busy = TestPostgres.connect(address);
        int backend = busy.unwrap(PGConnection.class).getBackendPID();
        Thread query = Thread.startVirtualThread(() -> countForHours(busy));
        Waiting.until("the query runs", () -> ask(address, RUNNING) == 1);
        long server = postgres.pid();
        kill(server);
        Waiting.until("another runs", () -> postgres.isRunning() && postgres.pid() != server);
        assertThat(told).contains("Ending the orphans of a killed PostgreSQL ...");
        assertThat(isGone(backend)).isTrue();
        query.join();
        busy.abort(Runnable::run);
      }
    }

    private static final String RUNNING =
        "select count(*) from pg_stat_activity where query like '%hours%' and pid <> pg_backend_pid()";

    private static void countForHours(Connection connection) {
      assertThatThrownBy(
              () ->
                  connection
                      .createStatement()
                      .execute(
                          "select count(*) /* hours */ from generate_series(1, 1000000000000)"))
          .isInstanceOf(SQLException.class);
    }

    @Test
    void itIsNotStartedAgainAfterClosing() throws Exception {
      try (DataDirectoryLock lock = DataDirectoryLock.take(directory)) {
        EmbeddedPostgres postgres = start(lock);
        postgres.close();
        postgres.close();
        assertThat(postgres.isRunning()).isFalse();
        assertThat(PostmasterProcesses.workingIn(Cluster.in(lock.directory()))).isEmpty();
        assertThat(told).noneMatch(line -> line.contains("starting it again"));
      }
    }
  }

  @Nested
  class WhenTheServerIsKilled {

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void postgresEndsAndTheNextStartHasTheData(boolean withSetpriv) throws Exception {
      Path open = openDirectory();
      Path data = open.resolve("data of nobody");
      try (ChildJvm child = child(open, data, withSetpriv)) {
        ProcessHandle postmaster = child.postmaster();
        PostgresAddress address = EmbeddedPostgres.attach(data, DATABASE).orElseThrow();
        tell(address, "create table kept as select 7 as n");
        assertThat(postmaster.info().user()).isNotEqualTo(Optional.of("root"));
        child.kill();
        Waiting.until("PostgreSQL is gone", () -> isGone(postmaster.pid()));
      }
      try (DataDirectoryLock lock = DataDirectoryLock.take(data);
          EmbeddedPostgres next = start(lock)) {
        assertThat(ask(next.address(DATABASE), "select n from kept")).isEqualTo(7);
      }
    }

    /** Without setpriv only an ordinary user can run it: root cannot become another. */
    private static ChildJvm child(Path open, Path data, boolean withSetpriv) throws Exception {
      Path cache = open.resolve("cache");
      return ChildJvm.startAsOrdinaryUser(open, data, cache, withSetpriv ? TOOLS : "/nonexistent");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theNextStartNeedsNoPauseAndHasTheData(boolean postgresToo) throws Exception {
      try (ChildJvm child = ChildJvm.start(directory, CACHE, TOOLS)) {
        ProcessHandle postmaster = child.postmaster();
        tell(
            EmbeddedPostgres.attach(directory, DATABASE).orElseThrow(),
            "create table kept as select 7 as n");
        if (postgresToo) {
          postmaster.destroyForcibly();
        }
        child.kill();
      }
      try (DataDirectoryLock lock = DataDirectoryLock.take(directory);
          EmbeddedPostgres next = start(lock)) {
        assertThat(ask(next.address(DATABASE), "select n from kept")).isEqualTo(7);
      }
    }

    @Test
    void aSecondOneEndsAtOnceWhileTheFirstLives() throws Exception {
      try (ChildJvm first = ChildJvm.start(directory, CACHE, TOOLS);
          ChildJvm second = ChildJvm.start(directory, CACHE, TOOLS)) {
        assertThat(second.awaitExit()).isEqualTo(1);
        assertThat(second.firstLine())
            .contains("is held by the process with id " + first.pid() + ": stop that one first");
        assertThat(first.postmaster().isAlive()).isTrue();
      }
    }

    private Path openDirectory() throws Exception {
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
      return directory;
    }
  }

  @Nested
  class WhatAnEarlierServerLeft {

    @Test
    void aLivingPostmasterIsRespected() throws Exception {
      try (DataDirectoryLock lock = DataDirectoryLock.take(directory);
          EmbeddedPostgres living = start(lock)) {
        assertThatThrownBy(() -> start(lock))
            .isInstanceOf(PostgresStartException.class)
            .hasMessageContaining("PostgreSQL with process id " + living.pid() + " still serves");
        assertThat(ask(living.address(DATABASE), "select 1")).isEqualTo(1);
        assertThat(PostmasterFile.read(Cluster.in(lock.directory())).orElseThrow().pid())
            .isEqualTo(living.pid());
      }
    }

    @Test
    void anEmptyFileAndAnOpenedDirectoryDoNotKeepItFromStarting() throws Exception {
      Path cluster = directory.toRealPath().resolve("postgres");
      try (DataDirectoryLock lock = DataDirectoryLock.take(directory)) {
        start(lock).close();
        Files.createFile(cluster.resolve(PostmasterFile.NAME));
        Files.setPosixFilePermissions(cluster, PosixFilePermissions.fromString("rwxrwx---"));
        try (EmbeddedPostgres again = start(lock)) {
          assertThat(ask(again.address(DATABASE), "select 1")).isEqualTo(1);
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(cluster)))
            .isEqualTo("rwxr-x---");
      }
    }

    @Test
    void aRecycledProcessIdIsNoLivingPostmaster() throws Exception {
      try (DataDirectoryLock lock = DataDirectoryLock.take(directory)) {
        String file;
        Path cluster = Cluster.in(lock.directory());
        try (EmbeddedPostgres earlier = start(lock)) {
          file = Files.readString(cluster.resolve(PostmasterFile.NAME));
          String own = Long.toString(ProcessHandle.current().pid());
          file = file.replaceFirst(Long.toString(earlier.pid()), own);
        }
        Files.writeString(cluster.resolve(PostmasterFile.NAME), file);
        Files.writeString(cluster.resolve(".s.PGSQL.5432"), "");
        Files.writeString(cluster.resolve(".s.PGSQL.5432.lock"), file);
        try (EmbeddedPostgres next = start(lock)) {
          assertThat(ask(next.address(DATABASE), "select 1")).isEqualTo(1);
        }
      }
    }
  }
}
