package postern.sql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Properties;
import java.util.concurrent.ThreadLocalRandom;
import org.postgresql.Driver;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.postgresql.PGProperty;

/** Finds out at the start whether a PostgreSQL, and what stands in front of it, can be used. */
final class StartCheck {
  private static final int MAJOR_VERSION_MIN = 15;
  private static final Duration READ_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration HEARD_WITHIN = Duration.ofSeconds(3);

  private final PostgresAddress address;
  private final Connecting connecting;

  private StartCheck(PostgresAddress address) {
    this.address = address;
    Properties unnamed = new Properties();
    // Named statements outlive a transaction; a pooler may hand them to another client.
    PGProperty.PREPARE_THRESHOLD.set(unnamed, "0");
    this.connecting =
        new Connecting(address, "postern start", READ_TIMEOUT, unnamed, java.util.List.of());
  }

  /**
   * Checks the version, that writes are taken, and that a pooler suits the settings.
   *
   * @throws PostgresStartException with a sentence that names the hosts and says what to change
   */
  static void require(PostgresAddress address) {
    new StartCheck(address).require();
  }

  private void require() {
    try (Connection connection = connecting.getConnection()) {
      requireVersion(connection);
      requireTransactions(connection);
      if (!hasUnnamedStatementsOnly() && !isSession(connection)) {
        throw new PostgresStartException(
            address.jdbcUrl()
                + " is a pooler that shares a connection among clients, where prepared statements"
                + " fail. Set the pooler to session mode, or add prepareThreshold=0 to storage.url;"
                + " then caches are not used and requests are slower.");
      }
    } catch (SQLException e) {
      throw new PostgresStartException(
          address.jdbcUrl()
              + " cannot be used ("
              + connecting.failures(e)
              + "). Check storage.url, storage.user and storage.password, and that it runs.",
          e);
    }
  }

  private void requireVersion(Connection connection) throws SQLException {
    int major = connection.getMetaData().getDatabaseMajorVersion();
    if (major < MAJOR_VERSION_MIN) {
      throw new PostgresStartException(
          address.jdbcUrl()
              + " is PostgreSQL "
              + major
              + "; Postern needs "
              + MAJOR_VERSION_MIN
              + " or newer.");
    }
  }

  /** A pooler in statement mode refuses the beginning of a transaction. */
  private void requireTransactions(Connection connection) throws SQLException {
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "select pg_is_in_recovery() or current_setting('transaction_read_only') = 'on'")) {
      row.next();
      if (row.getBoolean(1)) {
        throw new PostgresStartException(
            address.jdbcUrl()
                + " takes no writes: it is a standby, or read-only. Name the primary in"
                + " storage.url, or all hosts with targetServerType=primary.");
      }
      connection.commit();
    }
    connection.setAutoCommit(true);
  }

  private boolean hasUnnamedStatementsOnly() {
    Properties parsed = Driver.parseURL(address.jdbcUrl(), address.toProperties());
    return parsed != null && "0".equals(PGProperty.PREPARE_THRESHOLD.getOrDefault(parsed));
  }

  /** Whether the connection stays with its client: only then notifications arrive on it. */
  private boolean isSession(Connection connection) throws SQLException {
    String channel =
        "postern_start_" + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
    try (Statement statement = connection.createStatement()) {
      statement.execute("listen " + channel);
    }
    try (Connection other = connecting.getConnection();
        PreparedStatement notify = other.prepareStatement("select pg_notify(?, '')")) {
      notify.setString(1, channel);
      notify.execute();
    }
    PGNotification[] heard =
        connection.unwrap(PGConnection.class).getNotifications((int) HEARD_WITHIN.toMillis());
    return heard != null && heard.length > 0;
  }
}
