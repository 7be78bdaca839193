package postern.bench;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/**
 * On a machine that is busy with something else a short round may pass without any result: pgbench,
 * for one, begins to count its time before its connections are made.
 */
final class Patience {
  private static final int ATTEMPTS_MAX = 3;

  private Patience() {}

  /**
   * The first result there is, of rounds that grow longer.
   *
   * @throws BenchException if there is none in three rounds
   */
  static <T> T firstOf(String what, Duration duration, Function<Duration, Optional<T>> round) {
    for (int attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
      Optional<T> result = round.apply(duration.multipliedBy((long) attempt * attempt));
      if (result.isPresent()) {
        return result.get();
      }
      Progress.say(what + ": nothing came within the round, once more and longer");
    }
    throw new BenchException(
        what + ": nothing came in " + ATTEMPTS_MAX + " rounds: the machine is too busy to measure");
  }
}
