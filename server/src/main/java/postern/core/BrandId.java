package postern.core;

import java.util.Optional;
import java.util.UUID;

/**
 * The id of a user's brand: {@code brd_} and 32 lower-case hex digits on the wire, a {@code uuid}
 * in the database.
 */
public record BrandId(UUID uuid) {
  private static final String PREFIX = "brd_";

  /** Reads the wire form; empty for any text that is not one. */
  public static Optional<BrandId> parse(String text) {
    return PrefixedId.parse(PREFIX, text).map(BrandId::new);
  }

  /** The wire form. */
  @Override
  public String toString() {
    return PrefixedId.format(PREFIX, uuid);
  }
}
