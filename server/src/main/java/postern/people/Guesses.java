package postern.people;

import java.time.Duration;
import java.time.Instant;
import postern.core.ApiException;
import postern.core.ErrorCode;
import postern.crypto.Digests;
import postern.sql.Database;
import postern.sql.Tx;

/**
 * Stops those who guess: five wrong ones in fifteen minutes. Counted by what is guessed for, be it
 * there or not, so that being stopped tells nothing. Safe for many threads.
 */
public final class Guesses {
  private static final int FAILURES_MAX = 5;
  private static final Duration WINDOW = Duration.ofMinutes(15);

  private record Standing(int failures, Instant since) {}

  private final Database database;

  public Guesses(Database database) {
    this.database = database;
  }

  /**
   * Counts one guess as a failure before it is checked, so that guesses made at the same time are
   * all counted.
   *
   * @param what names the secret and whose it is
   * @throws ApiException.RetryLater if there were too many
   */
  void begin(String what) {
    database.write(
        tx -> {
          Standing standing = count(tx, what);
          if (standing.failures > FAILURES_MAX) {
            // Thrown inside the transaction: a guess that is not even looked at is not counted.
            throw new ApiException.RetryLater(
                ErrorCode.RATE_LIMITED, Duration.between(tx.now(), standing.since.plus(WINDOW)));
          }
          return standing;
        });
  }

  private static Standing count(Tx tx, String what) {
    Instant windowStart = tx.now().minus(WINDOW);
    return tx.one(
            """
            insert into guesses as known (digest, failures, since)
            values (?, 1, ?)
            on conflict (digest) do update
            set failures = case when known.since > ? then known.failures + 1 else 1 end,
                since = case when known.since > ? then known.since else excluded.since end
            returning failures, since
            """,
            row -> new Standing(row.integer("failures"), row.time("since")),
            Digests.sha256(what),
            tx.now(),
            windowStart,
            windowStart)
        .orElseThrow();
  }

  /** Forgets the failures of one that was right. */
  void succeeded(Tx tx, String what) {
    tx.execute("delete from guesses where digest = ?", Digests.sha256(what));
  }

  /** Forgets those whose time is over; how many those were. */
  public int purge() {
    return database.write(
        tx -> tx.execute("delete from guesses where since < ?", tx.now().minus(WINDOW)));
  }
}
