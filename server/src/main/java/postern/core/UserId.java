package postern.core;

import java.util.Optional;
import java.util.UUID;

/**
 * The id of a user: {@code user_} and 32 lower-case hex digits on the wire, a {@code uuid} in the
 * database.
 */
public record UserId(UUID uuid) {
  private static final String PREFIX = "user_";

  /** Reads the wire form; empty for any text that is not one. */
  public static Optional<UserId> parse(String text) {
    return PrefixedId.parse(PREFIX, text).map(UserId::new);
  }

  /** The 32 hex digits without the prefix. */
  public String hex() {
    return PrefixedId.hex(uuid);
  }

  /** The wire form. */
  @Override
  public String toString() {
    return PrefixedId.format(PREFIX, uuid);
  }
}
