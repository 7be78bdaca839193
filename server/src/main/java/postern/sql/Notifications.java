package postern.sql;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.function.Consumer;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/**
 * Hears what other servers on the same database announce with {@link Tx#announce}, on a connection
 * of its own. When that connection breaks it is made again. Safe for many threads.
 */
public final class Notifications implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Notifications.class.getName());
  private static final Duration HEARTBEAT = Duration.ofMillis(250);
  private static final Duration CURRENT_WITHIN = Duration.ofMillis(900);
  private static final Duration PAUSE = Duration.ofMillis(250);
  private static final String SOCKET_TIMEOUT_SECONDS = "1";

  private final PostgresAddress address;
  private final Map<String, Consumer<String>> listeners;
  private final Runnable reconnected;
  private final Thread thread;
  private volatile long heardNanos = System.nanoTime() - CURRENT_WITHIN.toNanos();
  private volatile boolean closed;

  /**
   * Begins to listen.
   *
   * @param listeners by the channel whose messages each gets, on the listening thread
   * @param reconnected is run each time that listening begins: what was remembered before may be
   *     stale
   */
  public Notifications(
      PostgresAddress address, Map<String, Consumer<String>> listeners, Runnable reconnected) {
    this.address = address;
    this.listeners = Map.copyOf(listeners);
    this.reconnected = reconnected;
    this.thread = Thread.ofVirtual().name("notifications").start(this::run);
  }

  /** Whether everything that was announced more than a second ago has been heard. */
  public boolean isCurrent() {
    return System.nanoTime() - heardNanos < CURRENT_WITHIN.toNanos();
  }

  private void run() {
    while (!closed) {
      try (Connection connection = connect();
          Statement statement = connection.createStatement()) {
        for (String channel : listeners.keySet()) {
          statement.execute("listen " + channel);
        }
        reconnected.run();
        listen(connection.unwrap(PGConnection.class), statement);
      } catch (SQLException e) {
        // From here on announcements are missed, so nobody may rely on having heard them all.
        heardNanos = System.nanoTime() - CURRENT_WITHIN.toNanos();
        if (!closed) {
          LOG.log(System.Logger.Level.DEBUG, "not listening: {0}", e.getMessage());
          pause();
        }
      }
    }
  }

  private void listen(PGConnection connection, Statement statement) throws SQLException {
    while (!closed) {
      // The beat proves that the other side is there; a connection can be dead in silence.
      statement.execute("");
      heardNanos = System.nanoTime();
      PGNotification[] heard = connection.getNotifications((int) HEARTBEAT.toMillis());
      if (heard != null) {
        for (PGNotification each : heard) {
          Objects.requireNonNull(listeners.get(each.getName())).accept(each.getParameter());
        }
      }
    }
  }

  private Connection connect() throws SQLException {
    Properties properties = new Properties();
    properties.putAll(address.properties());
    properties.setProperty("ApplicationName", "postern notifications");
    properties.setProperty("socketTimeout", SOCKET_TIMEOUT_SECONDS);
    properties.setProperty("loginTimeout", SOCKET_TIMEOUT_SECONDS);
    return DriverManager.getConnection(address.jdbcUrl(), properties);
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    try {
      thread.join(Duration.ofSeconds(2));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
