package postern.accounts;

import java.util.List;

/**
 * One page of children.
 *
 * @param hasMore whether more stand behind the last one, in the same direction
 */
public record ChildList(List<User> children, boolean hasMore) {}
