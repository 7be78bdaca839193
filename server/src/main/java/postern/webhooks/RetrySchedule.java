package postern.webhooks;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** When a delivery that failed is tried again. */
final class RetrySchedule {
  /** For how long it is tried, and how long an endpoint may fail before it is disabled. */
  static final Duration TRIED_FOR = Duration.ofHours(24);

  private static final List<Duration> PAUSES =
      List.of(
          Duration.ofSeconds(5),
          Duration.ofSeconds(30),
          Duration.ofMinutes(2),
          Duration.ofMinutes(10),
          Duration.ofMinutes(30),
          Duration.ofHours(1),
          Duration.ofHours(2),
          Duration.ofHours(4),
          Duration.ofHours(6));

  // Many that failed together are not to come back together.
  private static final double JITTER = 0.2;

  private final RandomGenerator random;

  RetrySchedule(RandomGenerator random) {
    this.random = random;
  }

  /**
   * When to try again.
   *
   * @param attempt the one that failed; 1 is the first
   * @param retryAfter what the answer asked for; heeded up to the longest pause
   */
  Instant next(Instant now, int attempt, Optional<String> retryAfter) {
    Duration pause = PAUSES.get(Math.min(attempt, PAUSES.size()) - 1);
    double factor = 1 - JITTER + 2 * JITTER * random.nextDouble();
    Duration jittered = Duration.ofMillis((long) (pause.toMillis() * factor));
    Duration asked =
        retryAfter.flatMap(text -> pauseIn(now, text)).map(this::capped).orElse(Duration.ZERO);
    return now.plus(asked.compareTo(jittered) > 0 ? asked : jittered);
  }

  private Duration capped(Duration asked) {
    return asked.compareTo(PAUSES.getLast()) > 0 ? PAUSES.getLast() : asked;
  }

  /** RFC 9110, section 10.2.3: seconds, or a date. */
  private static Optional<Duration> pauseIn(Instant now, String text) {
    String given = text.strip();
    if (given.matches("\\d{1,9}")) {
      return Optional.of(Duration.ofSeconds(Long.parseLong(given)));
    }
    try {
      Instant at = Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(given));
      return Optional.of(Duration.between(now, at));
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }
}
