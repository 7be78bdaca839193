package postern.sql;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;
import org.postgresql.PGProperty;

/**
 * Makes every connection to PostgreSQL. A host that refuses, drops packets, accepts and says
 * nothing, or answers with something else costs one {@link #ATTEMPT_MAX} at most; then the driver
 * tries the next host of the URL. Time-outs that stand in the URL win. Safe for many threads.
 */
final class Connecting implements DataSource {
  /** How long a host may take to accept, and how long it may keep silent until the log-in ends. */
  static final Duration ATTEMPT_MAX = Duration.ofSeconds(3);

  private final PostgresAddress address;
  private final Properties properties;
  private final Duration readTimeout;
  private final List<String> first;
  private volatile int lastGood;

  /**
   * Connects to an address.
   *
   * @param name what PostgreSQL shows as the name of the application
   * @param readTimeout how long the driver waits for bytes of an answer once it is logged in
   * @param settings of the driver, beside those of the address
   * @param first statements that are run on each new connection
   */
  Connecting(
      PostgresAddress address,
      String name,
      Duration readTimeout,
      Properties settings,
      List<String> first) {
    this.address = address;
    this.readTimeout = readTimeout;
    this.first = List.copyOf(first);
    properties = address.toProperties();
    properties.putAll(settings);
    PGProperty.APPLICATION_NAME.set(properties, name);
    // Texts all of them: pgjdbc passes over a value of another type in silence.
    PGProperty.CONNECT_TIMEOUT.set(properties, Long.toString(ATTEMPT_MAX.toSeconds()));
    PGProperty.SOCKET_TIMEOUT.set(properties, Long.toString(ATTEMPT_MAX.toSeconds()));
    PGProperty.SSL_RESPONSE_TIMEOUT.set(properties, Long.toString(ATTEMPT_MAX.toMillis()));
    PGProperty.GSS_RESPONSE_TIMEOUT.set(properties, Long.toString(ATTEMPT_MAX.toMillis()));
    PGProperty.TCP_KEEP_ALIVE.set(properties, "true");
    if (hostsOf(address).size() > 1) {
      PGProperty.TARGET_SERVER_TYPE.set(properties, "primary");
    }
  }

  Connecting(PostgresAddress address, String name, Duration readTimeout) {
    this(address, name, readTimeout, new Properties(), List.of());
  }

  @Override
  public Connection getConnection() throws SQLException {
    Connection connection = connectToAny();
    try {
      connection.setNetworkTimeout(Runnable::run, Math.toIntExact(readTimeout.toMillis()));
      if (!first.isEmpty()) {
        try (var statement = connection.createStatement()) {
          for (String sql : first) {
            statement.execute(sql);
          }
        }
      }
      return connection;
    } catch (SQLException | RuntimeException | Error e) {
      connection.close();
      throw e;
    }
  }

  /**
   * Tries each host by itself, the one that answered last before the others: the driver's own walk
   * over several hosts gives all of them together the time of one.
   */
  private Connection connectToAny() throws SQLException {
    List<String> hosts = hostsOf(address);
    if (hosts.size() == 1) {
      return connect(address.jdbcUrl(), properties);
    }
    int from = lastGood;
    @Nullable SQLException last = null;
    for (int i = 0; i < hosts.size(); i++) {
      int at = (from + i) % hosts.size();
      try {
        Connection connection = connect(urlOf(hosts.get(at)), properties);
        lastGood = at;
        return connection;
      } catch (SQLException e) {
        if (last != null) {
          e.addSuppressed(last);
        }
        last = e;
      }
    }
    throw Objects.requireNonNull(last);
  }

  /** The URL of the address with one of its hosts alone. */
  private String urlOf(String host) {
    String url = address.jdbcUrl();
    int begin = url.indexOf("//") + 2;
    return url.substring(0, begin) + host + url.substring(endOfHosts(url, begin));
  }

  private static Connection connect(String url, Properties properties) throws SQLException {
    Connection connection = new Driver().connect(url, properties);
    if (connection == null) {
      throw new SQLException("the driver does not understand the URL", "08001");
    }
    return connection;
  }

  /**
   * Why no host of the address can be used, each tried by itself: the driver names the last one
   * only.
   */
  String failures(SQLException known) {
    List<String> hosts = hostsOf(address);
    if (hosts.size() == 1) {
      return hosts.getFirst() + ": " + DatabaseException.firstLine(known);
    }
    List<String> failures = new ArrayList<>();
    for (String host : hosts) {
      failures.add(host + ": " + failureOf(host));
    }
    return String.join("; ", failures);
  }

  private String failureOf(String host) {
    try (Connection connection = connect(urlOf(host), properties)) {
      return connection.isValid(1) ? "answers now" : "connects and does not answer";
    } catch (SQLException e) {
      return DatabaseException.firstLine(e);
    }
  }

  /** The hosts of the URL with their ports as they are written there. */
  private static List<String> hostsOf(PostgresAddress address) {
    String url = address.jdbcUrl();
    int begin = url.indexOf("//") + 2;
    return begin == 1
        ? List.of(url)
        : List.of(url.substring(begin, endOfHosts(url, begin)).split(","));
  }

  private static int endOfHosts(String url, int begin) {
    for (int i = begin; i < url.length(); i++) {
      if (url.charAt(i) == '/' || url.charAt(i) == '?') {
        return i;
      }
    }
    return url.length();
  }

  @Override
  public Connection getConnection(String username, String password) throws SQLException {
    throw new SQLFeatureNotSupportedException("the address names the user");
  }

  @Override
  public @Nullable PrintWriter getLogWriter() {
    return null;
  }

  @Override
  public void setLogWriter(@Nullable PrintWriter out) {}

  /** Passed over: {@link #ATTEMPT_MAX} holds for each host, and not for all of them together. */
  @Override
  public void setLoginTimeout(int seconds) {}

  /** In seconds; the pool waits that long for a log-in that is under way when it closes. */
  @Override
  public int getLoginTimeout() {
    return Math.toIntExact(ATTEMPT_MAX.toSeconds());
  }

  @Override
  public Logger getParentLogger() throws SQLFeatureNotSupportedException {
    throw new SQLFeatureNotSupportedException();
  }

  @Override
  public <T> T unwrap(Class<T> type) throws SQLException {
    if (type.isInstance(this)) {
      return type.cast(this);
    }
    throw new SQLException("not a " + type.getName());
  }

  @Override
  public boolean isWrapperFor(Class<?> type) {
    return type.isInstance(this);
  }
}
