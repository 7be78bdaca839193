package postern.audit;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import postern.core.UserId;

/**
 * Decides which refused requests are written one by one and which are only counted. A caller, that
 * is a credential and an address, gets {@value #ROWS_MAX} rows a minute and then one with the
 * count; all callers of one trust share a number of rows a minute. So a flood fills neither the
 * disk nor the first page of a log. Safe for many threads.
 */
final class RefusalTally {
  /**
   * A row that is to be written.
   *
   * @param more how many further requests it stands for; 0 for a row of one request
   */
  record Row(Refusals.Refusal refusal, long more) {}

  /** How many requests of one caller are written one by one in a minute. */
  static final int ROWS_MAX = 5;

  private static final Duration WINDOW = Duration.ofMinutes(1);

  /** A caller takes this many rows of its share at first: for one request, and for the count. */
  private static final int RESERVED = 2;

  private record Group(UserId root, String actor, String address) {}

  private static final class Count {
    private int written;
    private long more;
    private Refusals.@Nullable Refusal last;
  }

  /** What callers of one trust have left of their rows in this minute. */
  private static final class Share {
    private int rowsLeft;
    private final Count others = new Count();

    private Share(int rows) {
      this.rowsLeft = rows;
    }
  }

  private final int waitingMax;
  private final Map<Group, Count> groups = new HashMap<>();
  private final Map<Refusals.Trust, Share> shares = new EnumMap<>(Refusals.Trust.class);
  private List<Row> waiting = new ArrayList<>();
  private Instant windowEnd = Instant.MIN;

  /**
   * Makes it.
   *
   * @param waitingMax how many rows wait at most while the database cannot be reached
   */
  RefusalTally(int waitingMax) {
    this.waitingMax = waitingMax;
  }

  synchronized void add(Refusals.Refusal refusal) {
    endWindow(refusal.at());
    Refusals.Trust trust = refusal.trust();
    Share share = shares.computeIfAbsent(trust, key -> new Share(key.rowsPerMinuteMax()));
    Group group = new Group(refusal.root(), refusal.actor().id(), refusal.source().address());
    Count known = groups.get(group);
    if (known == null) {
      if (share.rowsLeft < RESERVED || waiting.size() >= waitingMax) {
        count(share.others, refusal);
        return;
      }
      share.rowsLeft -= RESERVED;
      known = new Count();
      groups.put(group, known);
    } else if (known.written >= trust.rowsOfOneMax()
        || share.rowsLeft == 0
        || waiting.size() >= waitingMax) {
      count(known, refusal);
      return;
    } else {
      share.rowsLeft--;
    }
    known.written++;
    waiting.add(new Row(refusal, 0));
  }

  private static void count(Count count, Refusals.Refusal refusal) {
    count.more++;
    count.last = refusal;
  }

  /** What is to be written now: counts once their minute is over. */
  synchronized List<Row> take(Instant now) {
    endWindow(now);
    return taken();
  }

  /** The same with the counts of the minute that has begun: nothing will come after them. */
  synchronized List<Row> takeAll() {
    endWindow(Instant.MAX);
    return taken();
  }

  /** Takes rows back that could not be written. */
  synchronized void putBack(List<Row> rows) {
    waiting.addAll(0, rows);
  }

  private List<Row> taken() {
    List<Row> all = waiting;
    waiting = new ArrayList<>();
    return all;
  }

  private void endWindow(Instant now) {
    if (now.isBefore(windowEnd)) {
      return;
    }
    groups.values().forEach(count -> addMore(count, false));
    shares.values().forEach(share -> addMore(share.others, true));
    groups.clear();
    shares.clear();
    windowEnd = now.equals(Instant.MAX) ? Instant.MIN : now.plus(WINDOW);
  }

  private void addMore(Count count, boolean isOfOthers) {
    Refusals.Refusal last = count.last;
    if (last != null) {
      waiting.add(new Row(isOfOthers ? last.ofOthers() : last, count.more));
    }
  }
}
