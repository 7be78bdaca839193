package postern.testing;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Waits for what happens on other threads and in other processes. */
public final class Waiting {

  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final long POLL_MILLIS = 20;

  private Waiting() {}

  /** Returns when the condition holds; fails after 10 seconds, saying what was awaited. */
  public static void until(String what, Callable<Boolean> condition) throws Exception {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (!condition.call()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("Not within " + LIMIT.toSeconds() + " s: " + what);
      }
      Thread.sleep(POLL_MILLIS);
    }
  }

  /** Returns when the latch is open; fails after 10 seconds. For where nothing may be thrown. */
  public static void on(CountDownLatch latch) {
    try {
      if (!latch.await(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
        throw new AssertionError("Not within " + LIMIT.toSeconds() + " s: nobody opened the latch");
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Returns the value once the action no longer throws; fails with its last error after 10 s. */
  public static <T> T untilNoError(Callable<T> action) throws Exception {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (true) {
      try {
        return action.call();
      } catch (Exception e) {
        if (System.nanoTime() > deadline) {
          throw e;
        }
        Thread.sleep(POLL_MILLIS);
      }
    }
  }
}
