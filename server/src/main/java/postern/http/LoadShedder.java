package postern.http;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/**
 * Refuses requests while there is more work than gets done. What tells is how long work waits for
 * its turn: for a connection to the database, and for a processor. Where that is longer than it
 * should be, fewer requests are let in at once; where it is not, a few more, so that the number
 * finds the place where everything is busy and nothing waits. Safe for many threads.
 */
public final class LoadShedder implements AutoCloseable {
  private static final Duration TICK = Duration.ofMillis(10);

  /** So many are let in whatever happens: below it a wait is not made by too many requests. */
  private static final int AT_ONCE_MIN = 16;

  private static final Duration HELD_FOR = Duration.ofMillis(250);
  private static final int HELD_MAX = 2_000;

  /** Where it begins: nobody is refused before work has waited. */
  private static final int AT_ONCE_MAX = 1_000_000;

  /** In each tick it grows and shrinks by one of so many parts. */
  private static final int STEP_PART = 16;

  /** One that lets everybody in. */
  static final LoadShedder NEVER = new LoadShedder();

  private final long targetNanos;
  private final LongSupplier longestWaitNanos;
  private final AtomicInteger inFlight = new AtomicInteger();
  private final AtomicInteger held = new AtomicInteger();
  private final LongAdder refused = new LongAdder();
  private final Thread thread;
  private volatile int atOnceMax = AT_ONCE_MAX;
  private volatile boolean closed;

  /**
   * Begins to watch.
   *
   * @param target how long work may wait for its turn
   * @param longestWaitNanos the longest wait for a connection since this was last asked
   */
  public LoadShedder(Duration target, LongSupplier longestWaitNanos) {
    this.targetNanos = target.toNanos();
    this.longestWaitNanos = longestWaitNanos;
    this.thread = Thread.ofVirtual().name("load").start(this::watch);
  }

  private LoadShedder() {
    atOnceMax = Integer.MAX_VALUE;
    targetNanos = Long.MAX_VALUE;
    longestWaitNanos = () -> 0;
    thread = Thread.ofVirtual().unstarted(() -> {});
  }

  /** Whether a request is let in; whoever is must call {@link #end}. */
  boolean begin() {
    if (inFlight.incrementAndGet() <= atOnceMax) {
      return true;
    }
    inFlight.decrementAndGet();
    refused.increment();
    return false;
  }

  /**
   * Keeps a refused request a little before it is told so: whoever asks again at once would be
   * refused many times a second, and that is work too. It costs a connection and no processor.
   */
  void hold() {
    if (held.incrementAndGet() <= HELD_MAX) {
      try {
        Thread.sleep(HELD_FOR);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    held.decrementAndGet();
  }

  void end() {
    inFlight.decrementAndGet();
  }

  /** A request that waits for something to happen does no work: it makes room meanwhile. */
  void rest() {
    inFlight.decrementAndGet();
  }

  /** It goes on, whoever else is there by now. */
  void resume() {
    inFlight.incrementAndGet();
  }

  /** How many requests were refused. */
  public double refused() {
    return refused.sum();
  }

  /** How many requests are being worked on. */
  public int inFlight() {
    return inFlight.get();
  }

  private void watch() {
    long lastNanos = System.nanoTime();
    while (!closed) {
      try {
        Thread.sleep(TICK);
      } catch (InterruptedException e) {
        return;
      }
      long now = System.nanoTime();
      // This thread waits for a processor as those of requests do.
      long late = now - lastNanos - TICK.toNanos();
      lastNanos = now;
      tick(Math.max(late, longestWaitNanos.getAsLong()));
    }
  }

  private void tick(long waitNanos) {
    int most = atOnceMax;
    if (waitNanos > targetNanos) {
      atOnceMax = Math.max(AT_ONCE_MIN, Math.min(most, inFlight.get()) * 9 / 10);
    } else {
      atOnceMax = Math.min(AT_ONCE_MAX, most + Math.max(1, most / STEP_PART));
    }
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }
}
