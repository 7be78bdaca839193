package postern.sql;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Where the next search for waiting rows begins, in the order in which rows were written.
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
   * The next search is for rows that were written after this one.
   *
   * @param tx what the search is made in
   */
  public long behind(Tx tx) {
    if (inBacklog) {
      return next;
    }
    long now = nanoTime.getAsLong();
    if (now - lastWhole < WHOLE_EVERY_NS) {
      return settled;
    }
    lastWhole = now;
    if (highest > settled) {
      settle(tx);
    }
    return BEGINNING;
  }

  /**
   * A row gets its number a moment before its transaction gets an id. The second between two whole
   * searches is there for that.
   */
  private void settle(Tx tx) {
    Transactions transactions =
        tx.one(
                """
                select pg_current_xact_id()::text::bigint as own,
                  pg_snapshot_xmin(pg_current_snapshot())::text::bigint as oldest
                """,
                row -> new Transactions(row.bigint("own"), row.bigint("oldest")))
            .orElseThrow();
    if (transactions.oldest > candidateTransaction) {
      settled = candidate;
      candidate = highest;
      candidateTransaction = transactions.own;
    }
  }

  /**
   * Says what a search has found, once that is committed.
   *
   * @param last the last row that waits no longer
   * @param more whether there are likely more behind it: the next search goes on there
   */
  public void found(long last, boolean more) {
    highest = Math.max(highest, last);
    next = last;
    inBacklog = more;
  }
}
