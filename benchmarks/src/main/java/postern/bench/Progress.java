package postern.bench;

import java.time.Duration;
import java.util.Locale;

/** Tells on standard error what is being done. */
final class Progress {
  private static final long STARTED_NANOS = System.nanoTime();

  private Progress() {}

  static Duration elapsed() {
    return Duration.ofNanos(System.nanoTime() - STARTED_NANOS);
  }

  static void say(String text) {
    long seconds = elapsed().toSeconds();
    System.err.printf(Locale.ROOT, "%3d:%02d  %s%n", seconds / 60, seconds % 60, text);
  }
}
