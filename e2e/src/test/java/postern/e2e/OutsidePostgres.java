package postern.e2e;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import postern.sql.DataDirectoryLock;
import postern.sql.EmbeddedPostgres;
import postern.sql.PostgresAddress;

/** A PostgreSQL that is not the server's own: tests stop it, and start it again when they like. */
final class OutsidePostgres implements AutoCloseable {
  private final DataDirectoryLock lock;
  private final EmbeddedPostgres.Options options;
  private @Nullable EmbeddedPostgres running;

  private OutsidePostgres(Path dataDir, EmbeddedPostgres.Options options) {
    this.lock = DataDirectoryLock.take(dataDir);
    this.options = options;
    start();
  }

  /** Starts one on a directory. */
  static OutsidePostgres on(Path dataDir, EmbeddedPostgres.Options options) {
    return new OutsidePostgres(dataDir, options);
  }

  void start() {
    running = EmbeddedPostgres.start(lock, options);
  }

  void stop() {
    EmbeddedPostgres postgres = running;
    if (postgres != null) {
      postgres.close();
    }
    running = null;
  }

  private PostgresAddress address() {
    return EmbeddedPostgres.attach(lock.directory(), "postgres").orElseThrow();
  }

  /** A connection of the test's own. */
  Connection connect() throws SQLException {
    PostgresAddress address = address();
    return DriverManager.getConnection(address.jdbcUrl(), address.toProperties());
  }

  /** Sends a signal to all of its processes. */
  void signal(String name) throws Exception {
    List<String> lines = Files.readAllLines(lock.directory().resolve("postgres/postmaster.pid"));
    ProcessHandle postmaster =
        ProcessHandle.of(Long.parseLong(lines.getFirst().strip())).orElseThrow();
    for (ProcessHandle each :
        Stream.concat(Stream.of(postmaster), postmaster.descendants()).toList()) {
      new ProcessBuilder("kill", "-" + name, Long.toString(each.pid())).start().waitFor();
    }
  }

  /** What a server is told to use it; it has a socket and no port, so the URL says how. */
  Map<String, String> settings() {
    Map<String, String> properties = address().properties();
    return Map.of(
        "POSTERN_STORAGE_URL",
        address().jdbcUrl()
            + "?socketFactory="
            + properties.get("socketFactory")
            + "&socketFactoryArg="
            + URLEncoder.encode(
                String.valueOf(properties.get("socketFactoryArg")), StandardCharsets.UTF_8),
        "POSTERN_STORAGE_USER",
        String.valueOf(properties.get("user")),
        "POSTERN_STORAGE_PASSWORD",
        String.valueOf(properties.get("password")));
  }

  @Override
  public void close() {
    stop();
    lock.close();
  }
}
