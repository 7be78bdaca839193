package postern.core;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How often something may be done: so many times a period in the long run, and so many times at
 * once after a pause. Written as {@code 5/s burst 50}; the period is {@code s}, {@code m} or {@code
 * h}, and without a burst it is the number before.
 *
 * @param permits how many come back in each period, above zero
 * @param period a second, a minute or an hour
 * @param burst how many there are at the most, above zero
 */
public record Rate(long permits, Duration period, long burst) {
  private static final Pattern TEXT =
      Pattern.compile("([1-9]\\d{0,8})/([smh])(?: burst ([1-9]\\d{0,8}))?");

  /** Checks that it allows anything at all. */
  public Rate {
    if (permits < 1 || burst < 1 || period.isNegative() || period.isZero()) {
      throw new IllegalArgumentException("a rate that allows nothing");
    }
  }

  /** Reads its text; empty for any other. */
  public static Optional<Rate> parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    long permits = Long.parseLong(matcher.group(1));
    String burst = matcher.group(3);
    return Optional.of(
        new Rate(
            permits, periodOf(matcher.group(2)), burst == null ? permits : Long.parseLong(burst)));
  }

  private static Duration periodOf(String unit) {
    return switch (unit) {
      case "s" -> Duration.ofSeconds(1);
      case "m" -> Duration.ofMinutes(1);
      default -> Duration.ofHours(1);
    };
  }

  /** In how many seconds, rounded up, an empty burst is whole again. */
  public long wholeAgainSeconds() {
    return Math.ceilDiv(burst * period.toSeconds(), permits);
  }

  @Override
  public String toString() {
    String unit = period.toSeconds() == 1 ? "s" : period.toSeconds() == 60 ? "m" : "h";
    String rate = permits + "/" + unit;
    return burst == permits ? rate : rate + " burst " + burst;
  }
}
