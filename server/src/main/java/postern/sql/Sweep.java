package postern.sql;

import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Works off rows that wait, in the order in which they were written, search after search.
 *
 * <p>The index of rows that wait has entries of those that wait no longer until PostgreSQL vacuums
 * it, and a search from its beginning walks over all of them: it would cost the more, the more was
 * written since then. So a search begins behind what an earlier one had reached, once every
 * transaction has ended that could still commit a row before that. Once a second a search begins
 * with the first row all the same, and finds what those have committed.
 *
 * <p>Not safe for several threads.
 */
public final class Sweep {
  /** Where everything is found: rows are numbered from 1. */
  private static final long BEGINNING = 0;

  private static final long WHOLE_EVERY_NS = Duration.ofSeconds(1).toNanos();

  /**
   * Works off the rows of one search.
   *
   * @param <T> a row that waits no longer
   */
  @FunctionalInterface
  public interface Batch<T> {
    /**
     * Does it.
     *
     * @param behind only rows that were written after this one
     * @return the rows in the order in which they were written
     */
    List<T> apply(Tx tx, long behind);
  }

  /**
   * A search, before it is known whether it is committed.
   *
   * @param transactions those that run when everything is searched, where something new can be
   *     settled
   */
  private record Search(long behind, boolean isWhole, @Nullable Transactions transactions) {}

  private record Transactions(long own, long oldest) {}

  private final LongSupplier nanoTime;
  private long lastWhole;
  private long highest = BEGINNING;

  /** What is behind {@link #candidate} is settled once nobody runs who began before this one. */
  private long candidateTransaction;

  private long candidate = BEGINNING;
  private long settled = BEGINNING;
  private long next = BEGINNING;
  private boolean inBacklog;

  /** A sweep whose first search finds everything. */
  public Sweep() {
    this(System::nanoTime);
  }

  Sweep(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.lastWhole = nanoTime.getAsLong() - WHOLE_EVERY_NS;
  }

  /**
   * Works off what waits, each batch in a transaction of its own.
   *
   * @param size of a batch: as many rows as it works off where there are as many
   * @param written the place of a row in the order in which rows were written
   * @return how many rows that were
   */
  public <T> int run(Database database, int size, Batch<T> batch, ToLongFunction<T> written) {
    return database.writeInBatches(
        size,
        tx -> {
          Search search = next(tx);
          List<T> done = batch.apply(tx, search.behind);
          long last = done.isEmpty() ? search.behind : written.applyAsLong(done.getLast());
          // What was not committed is searched for again, from the same place.
          tx.afterCommit(() -> found(search, last, done.size() >= size));
          return done.size();
        });
  }

  private Search next(Tx tx) {
    if (inBacklog) {
      return new Search(next, false, null);
    }
    if (nanoTime.getAsLong() - lastWhole < WHOLE_EVERY_NS) {
      return new Search(settled, false, null);
    }
    return new Search(BEGINNING, true, highest > settled ? transactions(tx) : null);
  }

  private static Transactions transactions(Tx tx) {
    return tx.one(
            """
            select pg_current_xact_id()::text::bigint as own,
              pg_snapshot_xmin(pg_current_snapshot())::text::bigint as oldest
            """,
            row -> new Transactions(row.bigint("own"), row.bigint("oldest")))
        .orElseThrow();
  }

  private void found(Search search, long last, boolean more) {
    if (search.isWhole) {
      lastWhole = nanoTime.getAsLong();
    }
    // A row gets its number a moment before its transaction gets an id. The second between two
    // whole searches is there for that.
    if (search.transactions != null && search.transactions.oldest > candidateTransaction) {
      settled = candidate;
      candidate = highest;
      candidateTransaction = search.transactions.own;
    }
    highest = Math.max(highest, last);
    next = last;
    inBacklog = more;
  }
}
