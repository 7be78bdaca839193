package postern.main;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

/** Ends a server when the process is told to stop, and only then lets the process go. */
final class Shutdown {
  private static final AtomicBoolean UNDER_WAY = new AtomicBoolean();

  private Shutdown() {}

  /** Blocks until a signal has come and everything is closed; the process ends with 0. */
  static void await(Runnable close) {
    CountDownLatch never = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            Thread.ofPlatform()
                .name("shutdown")
                .unstarted(
                    () -> {
                      UNDER_WAY.set(true);
                      close.run();
                      Log.flushAll();
                      // The JVM would end with 143; a stop that was asked for is no failure.
                      Runtime.getRuntime().halt(0);
                    }));
    try {
      never.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  static boolean isUnderWay() {
    return UNDER_WAY.get();
  }
}
