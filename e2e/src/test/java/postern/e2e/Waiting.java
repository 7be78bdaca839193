package postern.e2e;

import java.util.concurrent.Callable;

/** Waits for what other processes do. */
final class Waiting {
  private static final int POLL_MS = 20;

  private Waiting() {}

  /** Polls a condition; fails, naming what was awaited, when the limit is over. */
  static void until(String what, int limitSeconds, Callable<Boolean> condition) throws Exception {
    long deadline = System.nanoTime() + limitSeconds * 1_000_000_000L;
    while (!condition.call()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("not within " + limitSeconds + " s: " + what);
      }
      Thread.sleep(POLL_MS);
    }
  }
}
