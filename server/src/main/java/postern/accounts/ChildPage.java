package postern.accounts;

/**
 * Which children to list.
 *
 * @param after only those behind this place
 * @param before only those before this place
 * @param ascending oldest first
 * @param size how many at the most
 * @param deleted those that can be restored, in place of those that live
 */
record ChildPage(Position after, Position before, boolean ascending, int size, boolean deleted) {}
