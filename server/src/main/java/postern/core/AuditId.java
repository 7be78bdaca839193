package postern.core;

import java.util.Optional;
import java.util.UUID;

/**
 * The id of a row of the audit log: {@code aud_} and 32 lower-case hex digits on the wire, a {@code
 * uuid} in the database.
 */
public record AuditId(UUID uuid) {
  private static final String PREFIX = "aud_";

  /** Reads the wire form; empty for any text that is not one. */
  public static Optional<AuditId> parse(String text) {
    return PrefixedId.parse(PREFIX, text).map(AuditId::new);
  }

  /** The wire form. */
  @Override
  public String toString() {
    return PrefixedId.format(PREFIX, uuid);
  }
}
