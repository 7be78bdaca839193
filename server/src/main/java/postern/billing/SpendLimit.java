package postern.billing;

import java.util.Locale;
import java.util.Optional;

/**
 * What a child may spend in each calendar period.
 *
 * @param limitMicros in micro-dollars
 */
public record SpendLimit(long limitMicros, Period period) {
  /** A calendar period in UTC. Weeks begin on Monday (ISO 8601). */
  public enum Period {
    DAY,
    WEEK,
    MONTH,
    YEAR;

    /** Reads the wire form. */
    public static Optional<Period> parse(String text) {
      return switch (text) {
        case "day" -> Optional.of(DAY);
        case "week" -> Optional.of(WEEK);
        case "month" -> Optional.of(MONTH);
        case "year" -> Optional.of(YEAR);
        default -> Optional.empty();
      };
    }

    /** Its name in the database and on the wire. */
    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
