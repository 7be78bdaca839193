package postern.sql;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import postern.core.QueryCount;

/**
 * A transaction, and the one moment that everything written in it carries. It begins with the first
 * statement that is sent. Statements are plain SQL with {@code ?} for each argument; arrays of
 * {@code UUID}, {@code String}, {@code Long}, {@code byte[]} and {@code Instant} become PostgreSQL
 * arrays. Belongs to one thread.
 */
public final class Tx {
  private final Lease lease;
  private final Instant now;
  private boolean mustBegin;
  private final List<Runnable> afterCommit = new ArrayList<>(1);
  private final List<String> waiting = new ArrayList<>();
  private final List<@Nullable Object> waitingArguments = new ArrayList<>();

  private Tx(Lease lease, Instant now, boolean mustBegin) {
    this.lease = lease;
    this.now = now;
    this.mustBegin = mustBegin;
  }

  /** One that ends with {@link #commit}, or with {@link Lease#rollback}. */
  static Tx begin(Lease lease, Instant now) {
    return new Tx(lease, now, true);
  }

  /** Each statement is a transaction of its own. */
  static Tx ofEachStatement(Lease lease, Instant now) {
    return new Tx(lease, now, false);
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
    begin();
    QueryCount.add(1);
    try (PreparedStatement statement = lease.connection().prepareStatement(sql)) {
      Arguments.bind(statement, arguments);
      return rows(statement.executeQuery(), mapper);
    } catch (SQLException e) {
      throw DatabaseException.of(e);
    }
  }

  private static <T> List<T> rows(ResultSet results, Row.Mapper<T> mapper) throws SQLException {
    List<T> rows = new ArrayList<>();
    Row row = new Row(results);
    while (row.next()) {
      rows.add(mapper.map(row));
    }
    return rows;
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
    begin();
    return update(sql, arguments);
  }

  /**
   * Runs a statement whose outcome nobody asks for, before the next one that is run otherwise or
   * with the commit: several of them make one way to PostgreSQL and back. A refusal comes then.
   */
  public void executeLater(String sql, @Nullable Object... arguments) {
    waiting.add(sql);
    waitingArguments.addAll(java.util.Arrays.asList(arguments));
  }

  /** Runs what waits. */
  void sendWaiting() {
    if (!waiting.isEmpty()) {
      begin();
      update(takeWaiting(), takeArguments());
    }
  }

  /** Commits, together with what waits, and with the beginning where nothing else was sent. */
  void commit() {
    if (!waiting.isEmpty()) {
      String all = takeWaiting() + ";commit";
      // By itself the driver sends the beginning as a query of its own, whose answer wakes us.
      update(mustBegin ? "begin;" + all : all, takeArguments());
    }
    // The driver knows when PostgreSQL has committed already, and asks no second time.
    lease.commit();
  }

  private void begin() {
    if (mustBegin) {
      lease.begin();
      mustBegin = false;
    }
  }

  /** PostgreSQL's driver sends statements that are one text together, and has each prepared. */
  private String takeWaiting() {
    String all = String.join(";", waiting);
    QueryCount.add(waiting.size() - 1);
    waiting.clear();
    return all;
  }

  private Object[] takeArguments() {
    Object[] arguments = waitingArguments.toArray();
    waitingArguments.clear();
    return arguments;
  }

  private int update(String sql, @Nullable Object[] arguments) {
    QueryCount.add(1);
    try (PreparedStatement statement = lease.connection().prepareStatement(sql)) {
      Arguments.bind(statement, arguments);
      statement.execute();
      return statement.getUpdateCount();
    } catch (SQLException e) {
      throw DatabaseException.of(e);
    }
  }
}
