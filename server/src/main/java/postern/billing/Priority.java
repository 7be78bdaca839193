package postern.billing;

import java.util.Locale;
import java.util.Optional;

/** The two places for payment methods: which is charged first. */
public enum Priority {
  PRIMARY,
  SECONDARY;

  /** Reads the wire form, in any case: some clients send it in capitals. */
  public static Optional<Priority> parse(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "primary" -> Optional.of(PRIMARY);
      case "secondary" -> Optional.of(SECONDARY);
      default -> Optional.empty();
    };
  }

  /** Its name in the database and on the wire. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
