package postern.core;

import java.util.Locale;
import java.util.Optional;

/** What an API key opens: practice or the real thing. */
public enum Mode {
  TEST("EZTK"),
  PRODUCTION("EZAK");

  private final String keyPrefix;
  private final String wireName = name().toLowerCase(Locale.ROOT);

  Mode(String keyPrefix) {
    this.keyPrefix = keyPrefix;
  }

  /** The first four characters of every key of this mode. */
  public String keyPrefix() {
    return keyPrefix;
  }

  /** {@code test} or {@code production}: the name on the wire and in the database. */
  public String wireName() {
    return wireName;
  }

  /** Reads the wire name; empty for any other text. */
  public static Optional<Mode> parse(String text) {
    return switch (text) {
      case "test" -> Optional.of(TEST);
      case "production" -> Optional.of(PRODUCTION);
      default -> Optional.empty();
    };
  }
}
