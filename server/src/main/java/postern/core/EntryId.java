package postern.core;

import java.util.Optional;
import java.util.UUID;

/**
 * The id of an entry of a ledger: {@code txn_} and 32 lower-case hex digits on the wire, a {@code
 * uuid} in the database.
 */
public record EntryId(UUID uuid) {
  private static final String PREFIX = "txn_";

  /** Reads the wire form; empty for any text that is not one. */
  public static Optional<EntryId> parse(String text) {
    return PrefixedId.parse(PREFIX, text).map(EntryId::new);
  }

  /** The wire form. */
  @Override
  public String toString() {
    return PrefixedId.format(PREFIX, uuid);
  }
}
