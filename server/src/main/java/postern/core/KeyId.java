package postern.core;

import java.util.Optional;
import java.util.UUID;

/**
 * The id of an API key (never the key itself): {@code ak_} and 32 lower-case hex digits on the
 * wire, a {@code uuid} in the database.
 */
public record KeyId(UUID uuid) {
  private static final String PREFIX = "ak_";

  /** Reads the wire form; empty for any text that is not one. */
  public static Optional<KeyId> parse(String text) {
    return PrefixedId.parse(PREFIX, text).map(KeyId::new);
  }

  /** The wire form. */
  @Override
  public String toString() {
    return PrefixedId.format(PREFIX, uuid);
  }
}
