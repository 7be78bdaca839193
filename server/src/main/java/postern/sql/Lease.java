package postern.sql;

import java.sql.Connection;
import java.sql.SQLException;

/** A connection that is taken from the pool and must be given back. Belongs to one thread. */
final class Lease implements AutoCloseable {
  private final FairPool pool;
  private final Connection connection;

  Lease(FairPool pool, Connection connection) {
    this.pool = pool;
    this.connection = connection;
  }

  Connection connection() {
    return connection;
  }

  /** Begins a transaction; without one, each statement is a transaction of its own. */
  void begin() {
    try {
      connection.setAutoCommit(false);
    } catch (SQLException e) {
      throw DatabaseException.of(e);
    }
  }

  /** Commits what was begun, and nothing where nothing was. */
  void commit() {
    try {
      if (!connection.getAutoCommit()) {
        connection.commit();
      }
    } catch (SQLException e) {
      throw DatabaseException.of(e);
    }
  }

  /** Undoes what was begun, by {@link #begin} or by a statement. */
  void rollback() {
    try {
      // The driver undoes nothing while it believes that each statement is a transaction.
      connection.setAutoCommit(false);
      connection.rollback();
    } catch (SQLException e) {
      throw DatabaseException.of(e);
    }
  }

  /** Gives it back. What was begun and neither committed nor rolled back is undone. */
  @Override
  public void close() {
    try {
      pool.giveBack(connection);
    } catch (SQLException e) {
      throw DatabaseException.of(e);
    }
  }
}
