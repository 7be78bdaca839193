package postern.sql;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/**
 * Hears what other servers on the same database announce with {@link Tx#announce}, on a connection
 * of its own. A beat, sent over the pool and heard on that connection, proves that announcements
 * arrive: a connection that answers statements may still hear nothing, behind a pooler for example.
 * While no beat arrives, the connection is made again and again. Safe for many threads.
 */
public final class Notifications implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Notifications.class.getName());
  private static final Duration BEAT_EVERY = Duration.ofMillis(250);
  private static final Duration SILENT_MAX = Duration.ofSeconds(2);
  private static final Duration WARN_AFTER = Duration.ofSeconds(5);
  private static final Duration READ_TIMEOUT = Duration.ofSeconds(2);

  /**
   * What is done where announcements arrive, or do not.
   *
   * @param byChannel takes the messages of each channel, on the listening thread
   * @param began is run each time that listening begins: anything cached before may be stale
   * @param unheard is run every 250 ms while announcements may be missed; must return at once
   */
  public record Listeners(
      Map<String, Consumer<String>> byChannel, Runnable began, Runnable unheard) {
    public Listeners {
      byChannel = Map.copyOf(byChannel);
    }
  }

  private final PostgresAddress address;
  private final Database database;
  private final Listeners listeners;
  private final Heartbeat heartbeat = new Heartbeat();
  private final Thread listening;
  private final Thread beating;
  private volatile boolean closed;

  /**
   * Begins to listen.
   *
   * @param database the pool that announcements of this node go through
   */
  public Notifications(PostgresAddress address, Database database, Listeners listeners) {
    this.address = address;
    this.database = database;
    this.listeners = listeners;
    this.listening = Thread.ofVirtual().name("notifications").start(this::run);
    this.beating = Thread.ofVirtual().name("heartbeat").start(this::beat);
  }

  /** Whether everything that was announced more than a second ago has been heard. */
  public boolean isCurrent() {
    return heartbeat.isHeard();
  }

  private void beat() {
    long heardNanos = System.nanoTime();
    boolean warned = false;
    while (!closed) {
      try {
        database.aside(heartbeat::send);
      } catch (SQLException e) {
        LOG.log(System.Logger.Level.DEBUG, "no heartbeat was sent: {0}", e.getMessage());
      }
      pause(BEAT_EVERY);
      if (isCurrent()) {
        heardNanos = System.nanoTime();
        if (warned) {
          LOG.log(System.Logger.Level.INFO, "announcements of other nodes arrive again");
          warned = false;
        }
      } else if (!closed) {
        listeners.unheard().run();
        if (!warned && System.nanoTime() - heardNanos > WARN_AFTER.toNanos()) {
          LOG.log(
              System.Logger.Level.WARNING,
              "announcements of other nodes do not arrive, so that caches are not used and requests"
                  + " are slower; if storage.url names a pooler, set it to session mode");
          warned = true;
        }
      }
    }
  }

  private void run() {
    while (!closed) {
      try (Connection connection = connect();
          Statement statement = connection.createStatement()) {
        statement.execute("listen " + heartbeat.channel());
        for (String channel : listeners.byChannel().keySet()) {
          statement.execute("listen " + channel);
        }
        listeners.began().run();
        listen(connection.unwrap(PGConnection.class));
        LOG.log(System.Logger.Level.DEBUG, "no heartbeat was heard; listening begins anew");
      } catch (SQLException e) {
        if (!closed) {
          LOG.log(System.Logger.Level.DEBUG, "not listening: {0}", e.getMessage());
        }
      }
      heartbeat.lapse();
      pause(BEAT_EVERY);
    }
  }

  /** Returns when beats stop to arrive or one was missed. */
  private void listen(PGConnection connection) throws SQLException {
    long heardNanos = System.nanoTime();
    // Sends no statement: through a pooler it could fetch a beat from a connection that other
    // clients use too, and then the beat would prove nothing.
    while (!closed && System.nanoTime() - heardNanos < SILENT_MAX.toNanos()) {
      PGNotification[] heard = connection.getNotifications((int) BEAT_EVERY.toMillis());
      if (heard == null) {
        continue;
      }
      for (PGNotification each : heard) {
        if (!each.getName().equals(heartbeat.channel())) {
          Objects.requireNonNull(listeners.byChannel().get(each.getName()))
              .accept(each.getParameter());
        } else if (heartbeat.hear(each.getParameter())) {
          heardNanos = System.nanoTime();
        } else {
          return;
        }
      }
    }
  }

  private Connection connect() throws SQLException {
    return new Connecting(address, "postern notifications", READ_TIMEOUT).getConnection();
  }

  private static void pause(Duration duration) {
    try {
      Thread.sleep(duration);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    closed = true;
    for (Thread thread : new Thread[] {listening, beating}) {
      thread.interrupt();
      try {
        thread.join(Duration.ofSeconds(2));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
