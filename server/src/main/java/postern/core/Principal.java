package postern.core;

/**
 * Who is calling: the user whose key came with the request, and the family it belongs to.
 *
 * @param user the owner of the key
 * @param root the top-level user of the family; the same as {@code user} for a parent
 * @param key the key that was used
 * @param mode the mode of that key
 */
public record Principal(UserId user, UserId root, KeyId key, Mode mode) {
  /** Whether the caller is the top-level user of its family. */
  public boolean isRoot() {
    return user.equals(root);
  }
}
