package postern.crypto;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import postern.core.ApiException;
import postern.core.ErrorCode;

/**
 * One turn at a time for each name, with a bounded queue before it: no family and no network takes
 * more than one place of what all share. Thread-safe.
 */
final class Lines {
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  /** Guarded by the map. */
  private static final class Line {
    private final Semaphore turn = new Semaphore(1, true);
    private int inside;
  }

  private final Map<String, Line> lines = new HashMap<>();
  private final int waitingMax;
  private final Duration waitMax;

  /**
   * @param waitingMax callers that may wait in each line
   * @param waitMax how long each of them waits
   */
  Lines(int waitingMax, Duration waitMax) {
    this.waitingMax = waitingMax;
    this.waitMax = waitMax;
  }

  /**
   * Runs work when it is its turn under all names, one line after the other: who waits in the first
   * takes no place in the second.
   *
   * @throws ApiException.RetryLater if a line is full, or the wait was too long
   */
  <T> T inTurn(List<String> names, Supplier<T> work) {
    if (names.isEmpty()) {
      return work.get();
    }
    String name = names.getFirst();
    Line line = enter(name);
    try {
      if (!line.turn.tryAcquire(waitMax.toNanos(), TimeUnit.NANOSECONDS)) {
        throw busy();
      }
      try {
        return inTurn(names.subList(1, names.size()), work);
      } finally {
        line.turn.release();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw busy();
    } finally {
      leave(name, line);
    }
  }

  private Line enter(String name) {
    synchronized (lines) {
      Line line = lines.computeIfAbsent(name, _ -> new Line());
      if (line.inside > waitingMax) {
        throw busy();
      }
      line.inside++;
      return line;
    }
  }

  private void leave(String name, Line line) {
    synchronized (lines) {
      line.inside--;
      if (line.inside == 0) {
        lines.remove(name);
      }
    }
  }

  private static ApiException busy() {
    return new ApiException.RetryLater(ErrorCode.RATE_LIMITED, RETRY_AFTER);
  }
}
