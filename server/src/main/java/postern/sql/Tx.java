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
  private final List<String> waiting = new ArrayList<>();
  private final List<@Nullable Object> waitingArguments = new ArrayList<>();

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

  /**
   * Waits until no other transaction holds a lock of this number, and holds it to the end. What
   * stands in such a line works on the newest rows of large tables, of which the planner's
   * statistics know nothing: so it is kept to the indexes, or it would read whole tables.
   */
  public void lock(long number) {
    one(
        """
        select pg_advisory_xact_lock(?), set_config('enable_seqscan', 'off', true),
          set_config('enable_bitmapscan', 'off', true), set_config('enable_hashjoin', 'off', true),
          set_config('enable_mergejoin', 'off', true)
        """,
        row -> true,
        number);
  }

  /** All rows of a query. */
  public <T> List<T> list(String sql, Row.Mapper<T> mapper, @Nullable Object... arguments) {
    sendWaiting();
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
    sendWaiting();
    return run(() -> update(sql, arguments));
  }

  /**
   * Runs a statement whose outcome nobody asks for, before the next one that is run otherwise or
   * before the commit: several of them make one way to PostgreSQL and back. A refusal comes then.
   */
  public void executeLater(String sql, @Nullable Object... arguments) {
    waiting.add(sql);
    waitingArguments.addAll(java.util.Arrays.asList(arguments));
  }

  /** Runs what waits. */
  void sendWaiting() {
    if (waiting.isEmpty()) {
      return;
    }
    // PostgreSQL's driver sends statements that are one text together, and has each prepared.
    String all = String.join(";", waiting);
    Object[] arguments = waitingArguments.toArray();
    QueryCount.add(waiting.size() - 1);
    waiting.clear();
    waitingArguments.clear();
    run(() -> update(all, arguments));
  }

  private int update(String sql, @Nullable Object[] arguments) {
    try (Update update = bind(handle.createUpdate(sql), arguments)) {
      return update.execute();
    }
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
