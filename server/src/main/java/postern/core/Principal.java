package postern.core;

/**
 * Who is calling: the user on whose behalf, and the family it belongs to.
 *
 * @param user the owner of the key, or the account that somebody has logged in to
 * @param root the top-level user of the family; the same as {@code user} for a parent
 * @param credential what was shown
 * @param mode the mode of the key, or the one that a page is about
 */
public record Principal(UserId user, UserId root, Credential credential, Mode mode) {
  /** A credential is one caller's: to mix in the rest would cost each request and tell no more. */
  @Override
  public int hashCode() {
    return credential.hashCode();
  }

  /** Whether the caller is the top-level user of its family. */
  public boolean isRoot() {
    return user.equals(root);
  }

  /** The same caller in a mode. */
  public Principal in(Mode other) {
    return new Principal(user, root, credential, other);
  }
}
