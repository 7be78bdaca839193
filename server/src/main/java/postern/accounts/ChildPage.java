package postern.accounts;

import java.time.Instant;
import java.util.Optional;

/**
 * Which children to list.
 *
 * @param after only those behind this place
 * @param before only those before this place
 * @param ascending oldest first
 * @param size how many at the most
 * @param deletedAfter those deleted after this moment and not purged, in place of those that live
 */
record ChildPage(
    Position after, Position before, boolean ascending, int size, Optional<Instant> deletedAfter) {}
