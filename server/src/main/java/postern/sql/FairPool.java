package postern.sql;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * HikariCP behind a queue. The pool by itself gives a connection to whoever comes at the right
 * moment: of 200 threads that want one of twelve again and again, some wait for seconds. Here
 * whoever came first has it first. Safe for many threads.
 */
final class FairPool implements AutoCloseable {
  private final HikariDataSource pool;
  private final Semaphore turns;
  private final long waitMs;

  /**
   * Makes the pool; connections are made when they are first wanted. Its size is one more than the
   * number of turns, for {@link #aside}.
   */
  FairPool(HikariConfig config) {
    turns = new Semaphore(config.getMaximumPoolSize(), true);
    config.setMaximumPoolSize(config.getMaximumPoolSize() + 1);
    pool = new HikariDataSource(config);
    waitMs = config.getConnectionTimeout();
  }

  /** A connection, when it is this thread's turn. */
  Lease lease() throws SQLException {
    takeTurn();
    try {
      return new Lease(this, pool.getConnection());
    } catch (SQLException | RuntimeException | Error e) {
      turns.release();
      throw e;
    }
  }

  /** A connection for the one thread that waits for no turn; its caller closes it. */
  Connection aside() throws SQLException {
    return pool.getConnection();
  }

  private void takeTurn() throws SQLException {
    try {
      if (!turns.tryAcquire(waitMs, TimeUnit.MILLISECONDS)) {
        throw new SQLTransientConnectionException(
            "no connection was free for " + waitMs + " ms; waiting: " + waiting());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SQLTransientConnectionException("interrupted while waiting for a connection", e);
    }
  }

  void giveBack(Connection connection) throws SQLException {
    try {
      connection.close();
    } finally {
      turns.release();
    }
  }

  /** How many connections are at work. */
  int active() {
    return pool.getHikariPoolMXBean() == null
        ? 0
        : pool.getHikariPoolMXBean().getActiveConnections();
  }

  /** How many threads wait for their turn. */
  int waiting() {
    return turns.getQueueLength();
  }

  @Override
  public void close() {
    pool.close();
  }
}
