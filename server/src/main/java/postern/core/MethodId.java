package postern.core;

import java.util.Optional;
import java.util.UUID;

/**
 * The id of a payment method: {@code pm_} and 32 lower-case hex digits on the wire, a {@code uuid}
 * in the database.
 */
public record MethodId(UUID uuid) {
  private static final String PREFIX = "pm_";

  /** Reads the wire form; empty for any text that is not one. */
  public static Optional<MethodId> parse(String text) {
    return PrefixedId.parse(PREFIX, text).map(MethodId::new);
  }

  /** The wire form. */
  @Override
  public String toString() {
    return PrefixedId.format(PREFIX, uuid);
  }
}
