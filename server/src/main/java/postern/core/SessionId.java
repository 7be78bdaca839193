package postern.core;

import java.util.Optional;
import java.util.UUID;

/**
 * The id of a session: {@code session_} and 32 lower-case hex digits for readers, a {@code uuid} in
 * the database. It opens nothing: the secret of a session is another.
 */
public record SessionId(UUID uuid) {
  private static final String PREFIX = "session_";

  /** Reads the text form; empty for any text that is not one. */
  public static Optional<SessionId> parse(String text) {
    return PrefixedId.parse(PREFIX, text).map(SessionId::new);
  }

  /** The text form. */
  @Override
  public String toString() {
    return PrefixedId.format(PREFIX, uuid);
  }
}
