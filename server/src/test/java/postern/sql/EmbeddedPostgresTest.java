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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import postern.testing.TestPostgres;
import postern.testing.Waiting;

final class EmbeddedPostgresTest {

  private static final String DATABASE = "postgres";

  @TempDir Path directory;
  private final List<String> told = new ArrayList<>();

  private EmbeddedPostgres.Options options() {
    return EmbeddedPostgres.Options.defaults().withProgress(told::add);
  }

  private EmbeddedPostgres start(DataDirectoryLock lock) {
    return EmbeddedPostgres.start(lock, options());
  }

  private static String ask(PostgresAddress address, String sql) throws SQLException {
    try (Connection connection = TestPostgres.connect(address);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    }
  }

  private static void tell(PostgresAddress address, String sql) throws SQLException {
    try (Connection connection = TestPostgres.connect(address);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  @Test
  void keepsItsDataInAPathWithSpacesOverRestarts() throws Exception {
    try (DataDirectoryLock lock = DataDirectoryLock.take(directory.resolve("my data, \"all\""))) {
      try (EmbeddedPostgres first = start(lock)) {
        assertThat(first.isRunning()).isTrue();
        tell(first.address(DATABASE), "create table kept as select 42 as answer");
      }
      try (EmbeddedPostgres second = start(lock)) {
        assertThat(ask(second.address(DATABASE), "select answer from kept")).isEqualTo("42");
      }
      assertThat(PostmasterFile.read(Cluster.in(lock.directory()))).isEmpty();
    }
  }

  @Nested
  class WhatItRunsWith {

    @Test
    void isDurableWhateverTheOperatorSets() throws Exception {
      Map<String, String> careless =
          Map.of("fsync", "off", "full_page_writes", "off", "synchronous_commit", "off");
      try (DataDirectoryLock lock = DataDirectoryLock.take(directory);
          EmbeddedPostgres postgres =
              EmbeddedPostgres.start(lock, options().withSettings(careless))) {
        PostgresAddress address = postgres.address(DATABASE);
        assertThat(ask(address, "show fsync")).isEqualTo("on");
        assertThat(ask(address, "show full_page_writes")).isEqualTo("on");
        assertThat(ask(address, "show synchronous_commit")).isEqualTo("on");
        assertThat(ask(address, "show data_checksums")).isEqualTo("on");
      }
    }

    @Test
    void takesOtherSettings() throws Exception {
      try (DataDirectoryLock lock = DataDirectoryLock.take(directory);
          EmbeddedPostgres postgres =
              EmbeddedPostgres.start(lock, options().withSettings(Map.of("work_mem", "7MB")))) {
        assertThat(ask(postgres.address(DATABASE), "show work_mem")).isEqualTo("7MB");
      }
    }

    @Test
    void outlivesTheThreadThatStartedIt() throws Exception {
      try (DataDirectoryLock lock = DataDirectoryLock.take(directory);
          ExecutorService shortLived = Executors.newSingleThreadExecutor()) {
        EmbeddedPostgres postgres = shortLived.submit(() -> start(lock)).get();
        try (postgres;
            Connection connection = TestPostgres.connect(postgres.address(DATABASE))) {
          shortLived.shutdown();
          assertThat(shortLived.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
          // The parent-death signal would end this connection's sleep with an error.
          connection.createStatement().execute("select pg_sleep(0.5)");
        }
        assertThat(told).noneMatch(line -> line.contains("starting it again"));
      }
    }

    @Test
    void namesItsDirectoryByThePathWhereItMayEnterIt() throws Exception {
      Path open = directory.resolve("open");
      try (DataDirectoryLock lock = DataDirectoryLock.take(open)) {
        for (String mode : List.of("rwx------", "rwxr-xr-x")) {
          Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString(mode));
          boolean reachable = !PostgresUser.weAreRoot() || mode.equals("rwxr-xr-x");
          try (EmbeddedPostgres postgres = start(lock)) {
            assertThat(ask(postgres.address(DATABASE), "show data_directory"))
                .isEqualTo(reachable ? Cluster.in(lock.directory()).toString() : "/proc/self/fd/9");
          }
        }
      }
    }
  }

  /** One server for all of them: they only look. */
  @Nested
  class WhileItRuns {
    @TempDir static Path sharedDirectory;
    private static @Nullable DataDirectoryLock lock;
    private static @Nullable EmbeddedPostgres running;

    @BeforeAll
    static void startShared() {
      lock = DataDirectoryLock.take(sharedDirectory);
      running = EmbeddedPostgres.start(lock, EmbeddedPostgres.Options.defaults());
    }

    @AfterAll
    static void stopShared() {
      shared().close();
      Objects.requireNonNull(lock).close();
    }

    private static EmbeddedPostgres shared() {
      return Objects.requireNonNull(running);
    }

    @Test
    void isReachedOnlyThroughAPrivateSocketAndWithThePassword() throws Exception {
      PostgresAddress address = shared().address(DATABASE);
      assertThat(ask(address, "show listen_addresses")).isEmpty();
      assertThat(ask(address, "show unix_socket_permissions")).isEqualTo("0700");
      assertThat(mode(Cluster.in(sharedDirectory))).isEqualTo("rwx------");
      assertThat(mode(PostgresPassword.file(sharedDirectory))).isEqualTo("rw-------");
      assertThat(ask(address, "select rolpassword from pg_authid where rolname = 'postern'"))
          .startsWith("SCRAM-SHA-256$");
      Map<String, String> wrong = new HashMap<>(address.properties());
      wrong.put("password", "wrong");
      assertThatThrownBy(
              () -> TestPostgres.connect(new PostgresAddress(address.jdbcUrl(), wrong)).close())
          .hasMessageContaining("password authentication failed");
      assertThat(address.toString())
          .doesNotContain(Files.readString(PostgresPassword.file(sharedDirectory)).strip());
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void neverRunsAsRootNorWithAnyCapability() throws Exception {
      List<String> status =
          Files.readAllLines(Path.of("/proc", Long.toString(shared().pid()), "status"));
      assertThat(status).contains("CapEff:\t0000000000000000", "CapPrm:\t0000000000000000");
      assertThat(status).contains("NoNewPrivs:\t1");
      assertThat(status).noneMatch(line -> line.matches("Uid:.*\\t0(\\t.*|$)"));
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void livesInASessionOfItsOwnAwayFromTheTerminalsInterrupt() throws Exception {
      String stat = Files.readString(Path.of("/proc", Long.toString(shared().pid()), "stat"));
      // After the name in parentheses: state, parent, process group, session.
      List<String> fields = List.of(stat.substring(stat.indexOf(") ") + 2).split(" ", -1));
      assertThat(fields.get(3)).isEqualTo(Long.toString(shared().pid()));
    }

    @Test
    void logsNoStatementsAndNoDetails() throws Exception {
      PostgresAddress address = shared().address(DATABASE);
      tell(address, "create table keys (key text primary key)");
      tell(address, "insert into keys values ('EZTKsecret')");
      assertThatThrownBy(() -> tell(address, "insert into keys values ('EZTKsecret')"))
          .isInstanceOf(SQLException.class);
      Path log = new PostgresLog(sharedDirectory).file();
      Waiting.until(
          "the error is in the log", () -> Files.readString(log).contains("duplicate key"));
      assertThat(Files.readString(log)).doesNotContain("EZTKsecret");
    }
  }

  @Nested
  class WhereItIsReached {

    @Test
    void inAShortPrivateDirectoryWhenTheDataPathIsTooLongForASocket() throws Exception {
      Path deep = directory.resolve("d".repeat(60)).resolve("e".repeat(60));
      try (DataDirectoryLock lock = DataDirectoryLock.take(deep)) {
        Path socketDirectory;
        try (EmbeddedPostgres postgres = start(lock)) {
          PostgresAddress address = postgres.address(DATABASE);
          Path socket = Path.of(address.properties().get("socketFactoryArg"));
          socketDirectory = Objects.requireNonNull(socket.getParent());
          assertThat(socket.toString()).hasSizeLessThan(104);
          assertThat(mode(socketDirectory)).isEqualTo("rwx------");
          assertThat(ask(address, "select 1")).isEqualTo("1");
          assertThat(EmbeddedPostgres.attach(deep, DATABASE)).contains(address);
        }
        assertThat(socketDirectory).doesNotExist();
      }
    }

    @Test
    void overLoopbackWhereThereAreNoUnixSockets() throws Exception {
      try (DataDirectoryLock lock = DataDirectoryLock.take(directory);
          EmbeddedPostgres postgres =
              EmbeddedPostgres.start(lock, options(), System.getenv("PATH"), false)) {
        PostgresAddress address = postgres.address(DATABASE);
        assertThat(address.properties()).doesNotContainKey("socketFactory");
        assertThat(ask(address, "show listen_addresses")).isEqualTo("127.0.0.1");
        assertThat(EmbeddedPostgres.attach(directory, DATABASE)).contains(address);
      }
    }

    @Test
    void byACommandBesideARunningServer() throws Exception {
      assertThat(EmbeddedPostgres.attach(directory, DATABASE)).isEmpty();
      try (DataDirectoryLock lock = DataDirectoryLock.take(directory)) {
        try (EmbeddedPostgres postgres = start(lock)) {
          PostgresAddress attached = EmbeddedPostgres.attach(directory, DATABASE).orElseThrow();
          assertThat(attached).isEqualTo(postgres.address(DATABASE));
          assertThat(ask(attached, "select current_user")).isEqualTo("postern");
        }
        assertThat(EmbeddedPostgres.attach(directory, DATABASE)).isEmpty();
      }
    }
  }

  @Nested
  class TheProgramsItRuns {

    static Stream<Path> installed() throws IOException {
      List<Path> found = new ArrayList<>();
      Launcher launcher =
          Launcher.find(PostgresUser.forCluster(Path.of("/nonexistent")), System.getenv("PATH"));
      found.add(
          PostgresBinaries.find(EmbeddedPostgres.Options.defaults(), Path.of("target"), launcher)
              .bin());
      Path debian = Path.of("/usr/lib/postgresql");
      if (Files.isDirectory(debian)) {
        try (Stream<Path> versions = Files.list(debian)) {
          versions.map(v -> v.resolve("bin")).filter(Files::isDirectory).forEach(found::add);
        }
      }
      return found.stream();
    }

    @ParameterizedTest
    @MethodSource("installed")
    void mayBeASystemsOwn(Path bin) throws Exception {
      try (DataDirectoryLock lock = DataDirectoryLock.take(directory);
          EmbeddedPostgres postgres =
              EmbeddedPostgres.start(lock, options().withPostgresBin(bin))) {
        PostgresAddress address = postgres.address(DATABASE);
        assertThat(ask(address, "show server_encoding")).isEqualTo("UTF8");
        assertThat(ask(address, "show data_checksums")).isEqualTo("on");
        assertThat(ask(address, "select 'Z' < 'a' and 'z' < 'ä'")).isEqualTo("t");
        assertThat(ask(address, "select lower('Ä')")).isEqualTo("ä");
      }
    }

    @Test
    void areUnpackedOnceIntoACacheThatMayLieAnywhere() throws Exception {
      EmbeddedPostgres.Options options = options().withCacheDir(directory.resolve("private cache"));
      try (DataDirectoryLock lock = DataDirectoryLock.take(directory.resolve("data"))) {
        EmbeddedPostgres.start(lock, options).close();
        told.clear();
        EmbeddedPostgres.start(lock, options).close();
        assertThat(told).isEmpty();
      }
    }

    @Test
    void areMissedWithASentence() {
      try (DataDirectoryLock lock = DataDirectoryLock.take(directory)) {
        assertThatThrownBy(() -> EmbeddedPostgres.start(lock, options().withPostgresBin(directory)))
            .isInstanceOf(PostgresStartException.class)
            .hasMessageContaining("set storage.postgres-bin to the directory that holds");
      }
    }

    @Test
    void refuseDataOfAnotherMajorVersionWithASentence() throws Exception {
      try (DataDirectoryLock lock = DataDirectoryLock.take(directory)) {
        start(lock).close();
        Files.writeString(Cluster.in(lock.directory()).resolve("PG_VERSION"), "14\n");
        assertThatThrownBy(() -> start(lock))
            .isInstanceOf(PostgresStartException.class)
            .hasMessageContaining("was made by PostgreSQL 14")
            .hasMessageContaining("set storage.postgres-bin to the bin directory");
      }
    }
  }

  @Test
  void saysWhyItCannotStart() throws Exception {
    try (DataDirectoryLock lock = DataDirectoryLock.take(directory)) {
      assertThatThrownBy(
              () ->
                  EmbeddedPostgres.start(lock, options().withSettings(Map.of("work_mem", "a lot"))))
          .isInstanceOf(PostgresStartException.class)
          .hasMessageContaining("invalid value for parameter \"work_mem\"");
      start(lock).close();
    }
  }

  @Test
  void leavesNothingHalfMadeWhenMakingTheDataWasCutShort() throws Exception {
    Path halfMade = Files.createDirectories(directory.resolve(".postgres-new-1/data/base"));
    try (DataDirectoryLock lock = DataDirectoryLock.take(directory);
        EmbeddedPostgres postgres = start(lock)) {
      assertThat(postgres.isRunning()).isTrue();
      assertThat(halfMade).doesNotExist();
    }
  }
}
