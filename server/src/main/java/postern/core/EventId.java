package postern.core;

import java.util.Optional;
import java.util.UUID;

/**
 * The id of an event: {@code evt_} and 32 lower-case hex digits on the wire, a {@code uuid} in the
 * database.
 */
public record EventId(UUID uuid) {
  private static final String PREFIX = "evt_";

  /** Reads the wire form; empty for any text that is not one. */
  public static Optional<EventId> parse(String text) {
    return PrefixedId.parse(PREFIX, text).map(EventId::new);
  }

  /** The wire form. */
  @Override
  public String toString() {
    return PrefixedId.format(PREFIX, uuid);
  }
}
