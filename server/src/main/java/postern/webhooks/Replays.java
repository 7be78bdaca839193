package postern.webhooks;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import postern.core.ApiException;
import postern.core.ErrorCode;
import postern.core.UserId;
import postern.sql.Row;
import postern.sql.Tx;

/**
 * Limits how much a family has sent again: one request makes a delivery for each webhook, so a
 * limit on requests alone would not hold what leaves the server.
 */
final class Replays {
  private static final Duration WINDOW = Duration.ofMinutes(1);
  private static final int REQUESTS_PER_MINUTE_MAX = 3;
  private static final int DELIVERIES_PER_MINUTE_MAX = 600;

  private Replays() {}

  private record Counted(long count, Instant since) {}

  /**
   * Counts a request to send something again.
   *
   * @param subject the event or the webhook
   * @param deliveries how many deliveries the request makes
   * @throws ApiException.RetryLater if this was asked for too often within a minute, or the family
   *     had reached its limit before
   */
  static void count(Tx tx, UserId root, UUID subject, int deliveries) {
    Counted requests = add(tx, root, subject, 1);
    if (requests.count > REQUESTS_PER_MINUTE_MAX) {
      throw later(tx, requests);
    }
    // A request may pass the limit, or an event of many webhooks could never be sent again.
    Counted made = add(tx, root, root.uuid(), deliveries);
    if (made.count - deliveries >= DELIVERIES_PER_MINUTE_MAX) {
      throw later(tx, made);
    }
  }

  private static ApiException.RetryLater later(Tx tx, Counted counted) {
    return new ApiException.RetryLater(
        ErrorCode.RATE_LIMITED, Duration.between(tx.now(), counted.since.plus(WINDOW)));
  }

  private static Counted add(Tx tx, UserId root, UUID subject, int count) {
    Instant windowStart = tx.now().minus(WINDOW);
    return tx.one(
            """
            insert into replays as known (root_id, subject, count, since)
            values (?, ?, ?, ?)
            on conflict (root_id, subject) do update
            set count = excluded.count + case when known.since > ? then known.count else 0 end,
                since = case when known.since > ? then known.since else excluded.since end
            returning count, since
            """,
            Replays::read,
            root.uuid(),
            subject,
            count,
            tx.now(),
            windowStart,
            windowStart)
        .orElseThrow();
  }

  private static Counted read(Row row) {
    return new Counted(row.bigint("count"), row.time("since"));
  }

  /** Removes minutes that are over; across families, because a job asks. */
  static int purge(Tx tx, int limit) {
    return tx.execute(
        """
        delete from replays where (root_id, subject) in (
          select root_id, subject from replays where since <= ? order by since limit ?
          for update skip locked)
        """,
        tx.now().minus(WINDOW),
        limit);
  }
}
