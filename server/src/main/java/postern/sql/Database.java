package postern.sql;

import com.zaxxer.hikari.HikariConfig;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import org.postgresql.PGProperty;
import postern.core.ApiException;
import postern.core.ListShare;

/** The pool of connections and the transactions on it. Safe for many threads. */
public final class Database implements AutoCloseable {
  /**
   * The limits.
   *
   * @param poolSize how many connections are kept
   * @param poolWait how long a request waits for one before it is refused with 503
   * @param statementTimeout after how long PostgreSQL gives up a statement
   */
  public record Settings(int poolSize, Duration poolWait, Duration statementTimeout) {}

  private static final int ATTEMPTS_MAX = 3;

  /** In place of the longest wait, where nobody's has ended. */
  private static final long NOBODY = -1;

  private static final Duration SOCKET_SLACK = Duration.ofSeconds(2);
  private static final String STATEMENTS_CACHED_PER_CONNECTION = "64";

  /** Arrays of uuid and of timestamptz: {@link Binary} makes them, the driver would not. */
  private static final String BINARY_TYPES = "2951,1185";

  private final FairPool pool;
  private final InstantSource clock;
  private long nobodyStuckNanos = System.nanoTime();
  private final LongAccumulator longestWaitNanos = new LongAccumulator(Math::max, NOBODY);

  private Database(FairPool pool, InstantSource clock) {
    this.pool = pool;
    this.clock = clock;
  }

  /** Makes the pool. Connections are made when they are first wanted. */
  public static Database open(PostgresAddress address, Settings settings, InstantSource clock) {
    HikariConfig config = new HikariConfig();
    config.setPoolName("postern");
    config.setDataSource(source(address, settings));
    config.setMaximumPoolSize(settings.poolSize());
    config.setConnectionTimeout(settings.poolWait().toMillis());
    config.setInitializationFailTimeout(-1);
    return new Database(new FairPool(config), clock);
  }

  private static Connecting source(PostgresAddress address, Settings settings) {
    Properties driver = new Properties();
    PGProperty.BINARY_TRANSFER_ENABLE.set(driver, BINARY_TYPES);
    PGProperty.PREPARED_STATEMENT_CACHE_QUERIES.set(driver, STATEMENTS_CACHED_PER_CONNECTION);
    PGProperty.REWRITE_BATCHED_INSERTS.set(driver, "true");
    return new Connecting(
        address,
        "postern",
        // PostgreSQL gives up first; this is for one that no longer answers at all.
        settings.statementTimeout().plus(SOCKET_SLACK),
        driver,
        // A statement and not a start-up parameter, which poolers refuse.
        List.of("set statement_timeout = " + settings.statementTimeout().toMillis()));
  }

  /**
   * Runs work in one transaction and commits it. It is run again, from its beginning, when
   * PostgreSQL breaks it off because of another one; so nothing in it may reach outside the
   * database.
   *
   * @throws postern.core.ApiException.RetryLater where the database cannot be reached or is busy
   */
  public <T> T write(Function<Tx, T> work) {
    if (UnitOfWork.CURRENT.isBound()) {
      return UnitOfWork.CURRENT.get().write(work);
    }
    for (int attempt = 1; ; attempt++) {
      try {
        return inTransaction(work);
      } catch (DatabaseException e) {
        if (attempt == ATTEMPTS_MAX || !e.isWorthRetrying()) {
          throw e;
        }
      }
    }
  }

  /**
   * Runs a write again and again, each time in a transaction of its own, until it has less to do
   * than a batch holds.
   *
   * @param batch does a part of the work, {@code size} at least while there is as much to do; how
   *     much it did
   * @return how much was done
   */
  public int writeInBatches(int size, ToIntFunction<Tx> batch) {
    int all = 0;
    int done;
    do {
      done = write(batch::applyAsInt);
      all += done;
    } while (done >= size);
    return all;
  }

  /**
   * A step of a request that must not be done twice, though the request may be sent again: it is
   * committed when this returns, and so is everything that was written before it. Outside a {@link
   * UnitOfWork} it is a {@link #write}.
   *
   * @param name names what was done, to find it again
   * @param done finds what an earlier attempt has done
   */
  public <T> T step(
      Function<Tx, T> work, Function<T, String> name, BiFunction<Tx, String, T> done) {
    if (!UnitOfWork.CURRENT.isBound()) {
      return write(work);
    }
    UnitOfWork unit = UnitOfWork.CURRENT.get();
    return unit.progress()
        .map(known -> read(tx -> done.apply(tx, known)))
        .orElseGet(() -> unit.step(work, name));
  }

  /**
   * Commits what has been written so far: before a wait, or before the outside world is asked.
   * Outside a {@link UnitOfWork} everything is committed anyway.
   */
  public void commitSoFar() {
    if (UnitOfWork.CURRENT.isBound()) {
      UnitOfWork.CURRENT.get().commitSoFar();
    }
  }

  /** Whether writes wait for the end of a {@link UnitOfWork} on this thread. */
  public boolean isInUnit() {
    return UnitOfWork.CURRENT.isBound();
  }

  /**
   * A unit of work that has not begun.
   *
   * @param progress what an earlier attempt at the same has done
   * @param recorder keeps what is done
   */
  public UnitOfWork unitOfWork(Optional<String> progress, UnitOfWork.Recorder recorder) {
    return new UnitOfWork(this::open, this::now, progress, recorder);
  }

  /** Runs reads, each of them a transaction of its own: one round trip a statement. */
  public <T> T read(Function<Tx, T> work) {
    if (UnitOfWork.CURRENT.isBound() && UnitOfWork.CURRENT.get().isOpen()) {
      return UnitOfWork.CURRENT.get().write(work);
    }
    try (Lease lease = open()) {
      return applied(work, Tx.ofEachStatement(lease, now()));
    }
  }

  /** Whether the same work may well succeed when it is done again from its beginning. */
  public static boolean isWorthRetrying(Throwable thrown) {
    return thrown instanceof DatabaseException e && e.isWorthRetrying();
  }

  private <T> T inTransaction(Function<Tx, T> work) {
    try (Lease lease = open()) {
      Tx tx = Tx.begin(lease, now());
      try {
        T result = work.apply(tx);
        commit(tx);
        return result;
      } catch (RuntimeException | Error e) {
        rollback(lease, e);
        throw e;
      }
    }
  }

  private static void commit(Tx tx) {
    try {
      tx.commit();
    } finally {
      tx.runAfterCommit();
    }
  }

  static <T> T applied(Function<Tx, T> work, Tx tx) {
    T result = work.apply(tx);
    tx.sendWaiting();
    return result;
  }

  private Lease open() {
    ListShare.takeIfAny();
    long askedNanos = System.nanoTime();
    try {
      return pool.lease();
    } catch (SQLException e) {
      throw DatabaseException.of(e);
    } finally {
      longestWaitNanos.accumulate(System.nanoTime() - askedNanos);
    }
  }

  /**
   * The longest wait for a connection that has ended since this was last asked; where none has and
   * somebody waits, for how long that has been so. That others always wait is no sign: with a queue
   * of which each has its turn in time it is so too. For one thread.
   */
  public long longestWaitNanos() {
    long now = System.nanoTime();
    long longest = longestWaitNanos.getThenReset();
    if (longest != NOBODY || waitingForConnection() == 0) {
      nobodyStuckNanos = now;
    }
    return Math.max(longest, now - nobodyStuckNanos);
  }

  private static void rollback(Lease lease, Throwable reason) {
    try {
      lease.rollback();
    } catch (RuntimeException e) {
      reason.addSuppressed(e);
    }
  }

  /**
   * The moment that a transaction would carry now: in whole milliseconds, because ids carry their
   * time so; a row and its id then name the same moment.
   */
  public Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  /**
   * Whether a connection can be had and answers, within the given time, and after a full disk
   * whether there is room again.
   */
  public boolean answers(Duration within) {
    try (Lease lease = pool.lease()) {
      Connection connection = lease.connection();
      if (DatabaseException.diskWasFull()) {
        writeSomething(connection);
        DatabaseException.diskHasRoom();
      }
      return connection.isValid(Math.max(1, (int) within.toSeconds()));
    } catch (SQLException | DatabaseException | ApiException.RetryLater e) {
      return false;
    }
  }

  private static void writeSomething(Connection connection) throws SQLException {
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          "create temp table room on commit drop as"
              + " select repeat('x', 1000) from generate_series(1, 100)");
      connection.commit();
    } finally {
      connection.setAutoCommit(true);
    }
  }

  /** Work on a connection of the pool that may fail as PostgreSQL's driver does. */
  @FunctionalInterface
  interface Work {
    void on(Connection connection) throws SQLException;
  }

  /**
   * Runs work, each statement a transaction of its own, on a connection that the pool holds beside
   * those of requests, so that it never waits behind them. For one thread.
   */
  void aside(Work work) throws SQLException {
    try (Connection connection = pool.aside()) {
      work.on(connection);
    }
  }

  /** How many connections are at work. */
  public int activeConnections() {
    return pool.active();
  }

  /** How many threads wait for a connection. */
  public int waitingForConnection() {
    return pool.waiting();
  }

  @Override
  public void close() {
    pool.close();
  }
}
