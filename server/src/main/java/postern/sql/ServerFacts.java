package postern.sql;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a PostgreSQL says of itself.
 *
 * @param version such as {@code 18.1}
 * @param clock its time
 * @param settings the values of those that Postern depends on
 */
public record ServerFacts(String version, Instant clock, Map<String, String> settings) {
  private static final Duration READ_TIMEOUT = Duration.ofSeconds(10);

  private static final List<String> SETTINGS =
      List.of(
          "fsync",
          "full_page_writes",
          "synchronous_commit",
          "max_connections",
          "server_encoding",
          "data_checksums");

  /**
   * Asks one.
   *
   * @throws postern.core.ApiException.RetryLater if it cannot be reached
   */
  public static ServerFacts of(PostgresAddress address) {
    try (Connection connection =
            new Connecting(address, "postern facts", READ_TIMEOUT).getConnection();
        Statement statement = connection.createStatement()) {
      Map<String, String> settings = new TreeMap<>();
      for (String name : SETTINGS) {
        settings.put(name, one(statement, "show " + name));
      }
      return new ServerFacts(
          one(statement, "show server_version"),
          Instant.ofEpochMilli(
              Long.parseLong(
                  one(
                      statement,
                      "select (extract(epoch from clock_timestamp()) * 1000)::bigint::text"))),
          settings);
    } catch (SQLException e) {
      throw DatabaseException.of(e);
    }
  }

  /** One of the settings. */
  public String setting(String name) {
    return settings.getOrDefault(name, "");
  }

  private static String one(Statement statement, String sql) throws SQLException {
    try (ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getString(1);
    }
  }
}
