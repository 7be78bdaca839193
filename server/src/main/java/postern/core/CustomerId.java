package postern.core;

import java.util.Optional;
import java.util.UUID;

/**
 * The id of what holds the payment methods of a family: {@code cust_} and 32 lower-case hex digits
 * on the wire, a {@code uuid} in the database.
 */
public record CustomerId(UUID uuid) {
  private static final String PREFIX = "cust_";

  /** Reads the wire form; empty for any text that is not one. */
  public static Optional<CustomerId> parse(String text) {
    return PrefixedId.parse(PREFIX, text).map(CustomerId::new);
  }

  /** The wire form. */
  @Override
  public String toString() {
    return PrefixedId.format(PREFIX, uuid);
  }
}
