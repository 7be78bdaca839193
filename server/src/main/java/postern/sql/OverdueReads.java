package postern.sql;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Wakes those who have read for too long, by looking at all of them twice a second. A timed wait
 * would be exact, and would wake the timer's thread for each read: twice, since it is taken back
 * when there is something to read. Safe for many threads.
 */
final class OverdueReads {
  /** Somebody who may be reading. */
  @FunctionalInterface
  interface Reader {
    /** Ends the wait of a read whose time was over at {@code nowNanos}, if there is one. */
    void wakeIfOverdue(long nowNanos);
  }

  /** How late a read may be woken. */
  static final Duration LOOK_EVERY = Duration.ofMillis(500);

  private static final Set<Reader> READERS = ConcurrentHashMap.newKeySet();

  static {
    Thread.ofVirtual().name("overdue reads").start(OverdueReads::look);
  }

  private OverdueReads() {}

  /** Looks after a reader until {@link #remove}. */
  static void add(Reader reader) {
    READERS.add(reader);
  }

  static void remove(Reader reader) {
    READERS.remove(reader);
  }

  private static void look() {
    try {
      while (true) {
        Thread.sleep(LOOK_EVERY);
        long now = System.nanoTime();
        READERS.forEach(reader -> reader.wakeIfOverdue(now));
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody knows this thread", e);
    }
  }
}
