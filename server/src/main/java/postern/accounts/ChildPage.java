package postern.accounts;

import java.time.Instant;
import java.util.Optional;
import java.util.function.BiFunction;
import postern.core.UserId;

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
    Position after, Position before, boolean ascending, int size, Optional<Instant> deletedAfter) {
  /**
   * The part that a query asks for.
   *
   * @param position where a cursor stands, by the name of its parameter and its id
   */
  static ChildPage of(
      ChildQuery query,
      BiFunction<String, UserId, Position> position,
      Optional<Instant> deletedAfter) {
    return new ChildPage(
        query.afterId().map(id -> position.apply("after_id", id)).orElse(Position.FIRST),
        query.beforeId().map(id -> position.apply("before_id", id)).orElse(Position.LAST),
        query.isAscending(),
        query.size(),
        deletedAfter);
  }
}
