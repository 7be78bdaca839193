package postern.keys;

import java.security.SecureRandom;
import postern.core.Mode;
import postern.core.UserId;

/** Keys that look as if they had been issued, and never were. */
public final class InventedKey {
  private InventedKey() {}

  /** A production key of a user with a right checksum. */
  public static String of(UserId owner) {
    return KeyText.next(Mode.PRODUCTION, owner, new SecureRandom()).reveal();
  }
}
