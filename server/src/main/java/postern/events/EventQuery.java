package postern.events;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import postern.core.UserId;

/**
 * Which events to list.
 *
 * @param after the id that all must be above; ids begin with their time
 * @param before the id that all must be below
 * @param isAscending oldest first; otherwise newest first
 * @param user only this user's; only for a parent, and only one of its family
 * @param includeChildren those of a parent's children too
 * @param size at most so many
 */
public record EventQuery(
    UUID after,
    UUID before,
    boolean isAscending,
    Optional<String> description,
    Optional<UserId> user,
    boolean includeChildren,
    int size) {
  /** Below every id. */
  public static final UUID FIRST = new UUID(0, 0);

  /** Above every id: PostgreSQL compares ids byte by byte. */
  public static final UUID LAST = new UUID(-1, -1);

  /** The least id of a moment, which all later ones are above. */
  public static UUID at(Instant moment) {
    return new UUID(Math.max(0, moment.toEpochMilli()) << 16, 0);
  }

  /** The higher of two ids, in PostgreSQL's order. */
  public static UUID max(UUID one, UUID other) {
    return compare(one, other) >= 0 ? one : other;
  }

  /** The lower of two ids, in PostgreSQL's order. */
  public static UUID min(UUID one, UUID other) {
    return compare(one, other) <= 0 ? one : other;
  }

  private static int compare(UUID one, UUID other) {
    int high = Long.compareUnsigned(one.getMostSignificantBits(), other.getMostSignificantBits());
    return high != 0
        ? high
        : Long.compareUnsigned(one.getLeastSignificantBits(), other.getLeastSignificantBits());
  }
}
