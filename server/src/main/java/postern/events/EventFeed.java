package postern.events;

import java.time.Duration;
import java.util.List;
import postern.core.ApiException;
import postern.core.ErrorCode;
import postern.core.ListShare;
import postern.core.Principal;
import postern.sql.Database;
import postern.sql.Page;

/**
 * Every event once, in an order that is the same for all readers, for as long as a reader comes
 * back with its cursor before what follows it is purged. Safe for many threads.
 */
public final class EventFeed {
  /** An event and its place. */
  record Entry(long position, Event event) {}

  record Bounds(long purged, long given) {}

  /**
   * A part of the feed.
   *
   * @param cursor where the next part begins
   */
  public record Part(List<Event> events, long cursor, boolean hasMore) {}

  /** How long a reader may wait for something to happen. */
  public static final Duration WAIT_MAX = Duration.ofSeconds(30);

  private static final Duration LOOK_AGAIN = Duration.ofMillis(500);

  private final Database database;
  private final EventNumbering numbering;

  public EventFeed(Database database, EventNumbering numbering) {
    this.database = database;
    this.numbering = numbering;
  }

  /** The cursor behind everything that there is now. */
  public long end() {
    return database.read(EventStore::bounds).given();
  }

  /**
   * What comes after a cursor. Where nothing does yet, it is waited for: no connection is held
   * meanwhile.
   *
   * @param after 0 to begin with the oldest event that is kept
   * @throws ApiException.Refused with {@code CURSOR_EXPIRED} where something after it was purged
   */
  public Part after(Principal caller, long after, int size, Duration wait) {
    long deadline = System.nanoTime() + wait.toNanos();
    while (true) {
      long seen = numbering.given().count();
      Part page = read(caller, after, size);
      long leftNanos = deadline - System.nanoTime();
      if (!page.events().isEmpty() || leftNanos <= 0 || Thread.currentThread().isInterrupted()) {
        return page;
      }
      ListShare.giveBackIfAny();
      // Another server's events are announced to nobody here: they are looked for.
      Duration left = Duration.ofNanos(leftNanos);
      numbering.given().await(seen, left.compareTo(LOOK_AGAIN) < 0 ? left : LOOK_AGAIN);
    }
  }

  private Part read(Principal caller, long after, int size) {
    return database.read(
        tx -> {
          Page<Entry> found = EventStore.feed(tx, caller, after, size);
          // Asked after the events: what was purged between the two is noticed.
          if (after > 0 && after < EventStore.bounds(tx).purged()) {
            throw new ApiException.Refused(ErrorCode.CURSOR_EXPIRED);
          }
          List<Entry> shown = found.rows();
          return new Part(
              shown.stream().map(Entry::event).toList(),
              shown.isEmpty() ? after : shown.getLast().position(),
              found.hasMore());
        });
  }
}
