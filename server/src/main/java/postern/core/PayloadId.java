package postern.core;

import java.util.Optional;
import java.util.UUID;

/**
 * The id of one attempt to deliver an event: {@code payload_} and 32 lower-case hex digits on the
 * wire, a {@code uuid} in the database.
 */
public record PayloadId(UUID uuid) {
  private static final String PREFIX = "payload_";

  /** Reads the wire form; empty for any text that is not one. */
  public static Optional<PayloadId> parse(String text) {
    return PrefixedId.parse(PREFIX, text).map(PayloadId::new);
  }

  /** The wire form. */
  @Override
  public String toString() {
    return PrefixedId.format(PREFIX, uuid);
  }
}
