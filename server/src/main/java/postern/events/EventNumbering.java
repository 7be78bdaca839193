package postern.events;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import postern.sql.Database;
import postern.sql.Signal;
import postern.sql.Sweep;
import postern.sql.Tx;

/**
 * Gives committed events their place in the feed, and hands them on. A place is given after the
 * commit, by one transaction at a time, so none can appear below one that was already read.
 * Whichever server wrote an event does it; the others look after a pause for what a dead one has
 * left.
 */
public final class EventNumbering implements AutoCloseable {
  /** The advisory lock that lets one transaction at a time give places. */
  static final long LOCK = 0x706f_7374_6572_6e01L;

  private static final Logger LOG = System.getLogger(EventNumbering.class.getName());
  private static final int BATCH_SIZE = 1_000;

  /**
   * After one batch, so that under load the next one is large: an event that comes alone waits for
   * none.
   */
  private static final Duration GATHERING = Duration.ofMillis(50);

  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final Duration STOP_MAX = Duration.ofSeconds(5);

  private final Database database;
  private final List<EventSink> sinks;
  private final Signal wake = new Signal();
  private final Signal given = new Signal();
  private volatile boolean closed;
  private volatile @Nullable Thread thread;

  /**
   * Makes the numbering; it does nothing by itself before {@link #start}.
   *
   * @param sinks who gets the events
   */
  public EventNumbering(Database database, List<EventSink> sinks) {
    this.database = database;
    this.sinks = List.copyOf(sinks);
  }

  /** Begins to look for events. */
  public void start() {
    thread = Thread.ofVirtual().name("event numbering").start(this::loop);
  }

  /** Has it look now: something was committed. */
  void wake() {
    wake.raise();
  }

  /** Is raised when events have got their places. */
  Signal given() {
    return given;
  }

  private void loop() {
    Sweep sweep = new Sweep();
    while (!closed) {
      long seen = wake.count();
      try {
        if (number(sweep) > 0) {
          wake.gather(GATHERING);
        }
      } catch (RuntimeException e) {
        LOG.log(Level.WARNING, "events wait for their places: " + e.getMessage());
        seen = wake.count();
      }
      wake.await(seen, PAUSE);
    }
  }

  /** Gives every committed event its place, now; how many got one. */
  public int numberAll() {
    return number(new Sweep());
  }

  private int number(Sweep sweep) {
    return sweep.run(database, BATCH_SIZE, this::numberBatch, EventStore.Numbered::written);
  }

  private List<EventStore.Numbered> numberBatch(Tx tx, long behind) {
    List<EventStore.Numbered> numbered = EventStore.number(tx, behind, BATCH_SIZE);
    if (!numbered.isEmpty()) {
      List<NumberedEvent> events = numbered.stream().map(EventStore.Numbered::event).toList();
      sinks.forEach(sink -> sink.take(tx, events));
      tx.afterCommit(given::raise);
    }
    return numbered;
  }

  @Override
  public void close() {
    closed = true;
    wake.raise();
    given.raise();
    Thread running = thread;
    if (running != null) {
      try {
        running.join(STOP_MAX);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
