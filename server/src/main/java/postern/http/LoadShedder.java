package postern.http;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
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

  /** A refusal is work too: no more than so many a second, by keeping the refused for longer. */
  private static final int REFUSALS_PER_SECOND_MAX = 2_000;

  private static final Duration HELD_FOR_MIN = Duration.ofMillis(250);
  private static final Duration HELD_FOR_MAX = Duration.ofSeconds(5);

  /** Where it begins: nobody is refused before work has waited. */
  private static final int AT_ONCE_MAX = 1_000_000;

  /** In each tick it grows and shrinks by one of so many parts. */
  private static final int STEP_PART = 16;

  /**
   * A wait is no sign before it has lasted: a burst of requests makes one too, and is done soon.
   */
  private static final int LATE_TICKS_BEFORE_REFUSING = 3;

  /** One that lets everybody in. */
  static final LoadShedder NEVER = new LoadShedder();

  private final long targetNanos;
  private final LongSupplier longestWaitNanos;
  private final AtomicInteger inFlight = new AtomicInteger();
  private final AtomicInteger held = new AtomicInteger();
  private final LongAdder refused = new LongAdder();
  private volatile int atOnceMax = AT_ONCE_MAX;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private int lateTicks;

  /**
   * Begins to watch.
   *
   * @param target how long work may wait for its turn
   * @param longestWaitNanos the longest wait for a connection since this was last asked
   */
  public LoadShedder(Duration target, LongSupplier longestWaitNanos) {
    this.targetNanos = target.toNanos();
    this.longestWaitNanos = longestWaitNanos;
    Thread.ofVirtual().name("load").start(this::watch);
  }

  private LoadShedder() {
    atOnceMax = Integer.MAX_VALUE;
    targetNanos = Long.MAX_VALUE;
    longestWaitNanos = () -> 0;
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
   * Keeps a refused request a while before it is told so: whoever asks again at once would be
   * refused many times a second. It costs a connection and no processor. Those who came together
   * are not told together, or they would come together again.
   */
  void hold() {
    long evenMs = held.incrementAndGet() * 1_000L / REFUSALS_PER_SECOND_MAX;
    long meanMs = Math.clamp(evenMs, HELD_FOR_MIN.toMillis(), HELD_FOR_MAX.toMillis());
    try {
      stopped.await(
          ThreadLocalRandom.current().nextLong(meanMs / 2, meanMs * 3 / 2), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      held.decrementAndGet();
    }
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
    while (!isStoppedWithin(TICK)) {
      long now = System.nanoTime();
      // This thread waits for a processor as those of requests do.
      long late = now - lastNanos - TICK.toNanos();
      lastNanos = now;
      tick(Math.max(late, longestWaitNanos.getAsLong()));
    }
  }

  private boolean isStoppedWithin(Duration wait) {
    try {
      return stopped.await(wait.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      return true;
    }
  }

  private void tick(long waitNanos) {
    int most = atOnceMax;
    lateTicks = waitNanos > targetNanos ? lateTicks + 1 : 0;
    boolean isRefusing = most < AT_ONCE_MAX;
    if (lateTicks >= (isRefusing ? 1 : LATE_TICKS_BEFORE_REFUSING)) {
      atOnceMax = Math.max(AT_ONCE_MIN, Math.min(most, inFlight.get()) * 9 / 10);
    } else {
      atOnceMax = Math.min(AT_ONCE_MAX, most + Math.max(1, most / STEP_PART));
    }
  }

  @Override
  public void close() {
    stopped.countDown();
  }
}
