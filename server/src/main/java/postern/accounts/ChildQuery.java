package postern.accounts;

import java.util.Optional;
import postern.core.UserId;

/**
 * A request for a page of children.
 *
 * @param afterId only those created after this one, oldest first
 * @param beforeId only those created before this one, newest first; with {@code afterId} too, the
 *     window between the two
 * @param ascending the order where the cursors do not decide it: with both or none
 * @param size how many at the most
 * @param deleted those that can be restored, in place of those that live
 */
public record ChildQuery(
    Optional<UserId> afterId,
    Optional<UserId> beforeId,
    boolean ascending,
    int size,
    boolean deleted) {
  /** Whether it asks for the beginning of the list of those that live. */
  public boolean isFirstPage() {
    return afterId.isEmpty() && beforeId.isEmpty() && !deleted;
  }

  /** The order of the answer. */
  public boolean isAscending() {
    return afterId.isPresent() == beforeId.isPresent() ? ascending : afterId.isPresent();
  }
}
