package postern.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import postern.sql.DataDirectoryLock;
import postern.sql.EmbeddedPostgres;
import postern.sql.PostgresAddress;

/**
 * One real PostgreSQL for all tests of a JVM, started when first asked for and gone with the JVM.
 *
 * <p>The system property {@code postern.test.postgres-bin} names other programs than our own. Safe
 * for use by several threads.
 */
public final class TestPostgres {

  private static final AtomicInteger NEXT = new AtomicInteger();
  private static final String MAINTENANCE = "postgres";

  private TestPostgres() {}

  /** A new, empty database. */
  public static PostgresAddress freshDatabase() {
    return create("template0");
  }

  /** A new database with all that the template has; nobody may be connected to the template. */
  public static PostgresAddress clone(String template) {
    return create(template);
  }

  /** The name of an address's database, as {@link #clone} takes it. */
  public static String nameOf(PostgresAddress address) {
    return address.jdbcUrl().substring(address.jdbcUrl().lastIndexOf('/') + 1);
  }

  private static PostgresAddress create(String template) {
    String name = "test_" + NEXT.incrementAndGet();
    try (Connection connection = connect(Holder.SERVER.address(MAINTENANCE));
        Statement statement = connection.createStatement()) {
      statement.execute(
          "create database "
              + statement.enquoteIdentifier(name, true)
              + " template "
              + statement.enquoteIdentifier(template, true));
    } catch (SQLException e) {
      throw new IllegalStateException("Cannot create database " + name, e);
    }
    return Holder.SERVER.address(name);
  }

  /** A plain connection, to be closed by the caller. */
  public static Connection connect(PostgresAddress address) throws SQLException {
    return DriverManager.getConnection(address.jdbcUrl(), address.toProperties());
  }

  /** Starts on first use, which the class loader makes happen once. */
  private static final class Holder {
    private static final EmbeddedPostgres SERVER = start();

    private static EmbeddedPostgres start() {
      try {
        Path parent = Files.createDirectories(Path.of("target", "test-postgres"));
        Path directory = Files.createTempDirectory(parent, "jvm-");
        DataDirectoryLock lock = DataDirectoryLock.take(directory);
        EmbeddedPostgres server = EmbeddedPostgres.start(lock, options());
        Runtime.getRuntime().addShutdownHook(new Thread(() -> end(server, lock)));
        return server;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private static EmbeddedPostgres.Options options() {
      EmbeddedPostgres.Options options =
          EmbeddedPostgres.Options.defaults().withSettings(Map.of("max_connections", "200"));
      return Optional.ofNullable(System.getProperty("postern.test.postgres-bin"))
          .filter(bin -> !bin.isEmpty())
          .map(bin -> options.withPostgresBin(Path.of(bin)))
          .orElse(options);
    }

    private static void end(EmbeddedPostgres server, DataDirectoryLock lock) {
      server.close();
      lock.close();
      try {
        TestFiles.delete(lock.directory());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
