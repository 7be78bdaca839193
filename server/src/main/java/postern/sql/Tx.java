package postern.sql;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jdbi.v3.core.statement.Update;
import org.jspecify.annotations.Nullable;
import postern.core.QueryCount;

/**
 * A transaction that is open, and the one moment that everything written in it carries. Statements
 * are plain SQL with {@code ?} for each argument; arrays of {@code UUID}, {@code String}, {@code
 * Long}, {@code byte[]} and {@code Instant} become PostgreSQL arrays. Belongs to one thread.
 */
public final class Tx {
  private final Handle handle;
  private final Instant now;
  private final List<Runnable> afterCommit = new ArrayList<>(1);

  Tx(Handle handle, Instant now) {
    this.handle = handle;
    this.now = now;
  }

  /** The moment of this transaction, in whole milliseconds. */
  public Instant now() {
    return now;
  }

  /**
   * Has something done after the commit and before the caller of the transaction goes on. It is
   * done also when nobody can tell whether the commit was carried out, so it must be right in both
   * cases.
   */
  public void afterCommit(Runnable action) {
    afterCommit.add(action);
  }

  void runAfterCommit() {
    afterCommit.forEach(Runnable::run);
  }

  /** Tells every server that listens, this one too, when this transaction commits. */
  public void announce(String channel, List<String> messages) {
    list(
        "select pg_notify(?, message) from unnest(?::text[]) as message",
        row -> true,
        channel,
        messages.toArray(String[]::new));
  }

  /** All rows of a query. */
  public <T> List<T> list(String sql, Row.Mapper<T> mapper, @Nullable Object... arguments) {
    return run(
        () -> {
          try (Query query = bind(handle.createQuery(sql), arguments)) {
            return query.scanResultSet((results, context) -> rows(results.get(), mapper));
          }
        });
  }

  private static <T> List<T> rows(ResultSet results, Row.Mapper<T> mapper) throws SQLException {
    try (results) {
      List<T> rows = new ArrayList<>();
      Row row = new Row(results);
      while (row.next()) {
        rows.add(mapper.map(row));
      }
      return rows;
    }
  }

  /** The only row of a query, or nothing. */
  public <T> Optional<T> one(String sql, Row.Mapper<T> mapper, @Nullable Object... arguments) {
    List<T> rows = list(sql, mapper, arguments);
    if (rows.size() > 1) {
      throw new IllegalStateException("one row expected, found " + rows.size());
    }
    return rows.stream().findFirst();
  }

  /** Runs a statement that changes rows; how many it changed. */
  public int execute(String sql, @Nullable Object... arguments) {
    return run(
        () -> {
          try (Update update = bind(handle.createUpdate(sql), arguments)) {
            return update.execute();
          }
        });
  }

  private static <S extends SqlStatement<S>> S bind(S statement, @Nullable Object[] arguments) {
    for (int i = 0; i < arguments.length; i++) {
      if (arguments[i] instanceof Object[] array) {
        statement.bind(i, Arrays.argument(array));
      } else {
        statement.bind(i, arguments[i]);
      }
    }
    return statement;
  }

  /** JDBI's exceptions quote the arguments: only what the driver said goes on from here. */
  static <T> T run(Supplier<T> work) {
    QueryCount.add(1);
    try {
      return work.get();
    } catch (JdbiException e) {
      throw translated(e);
    }
  }

  static RuntimeException translatedOrSame(RuntimeException e) {
    return e instanceof JdbiException jdbi ? translated(jdbi) : e;
  }

  static RuntimeException translated(JdbiException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql) {
        return DatabaseException.of(sql);
      }
    }
    return new IllegalStateException("JDBI refused a statement: " + e.getClass().getSimpleName());
  }
}
