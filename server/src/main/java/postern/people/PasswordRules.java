package postern.people;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import postern.core.Checks;

/** What a password may be: long, and anything (NIST SP 800-63B, section 5.1.1.2). */
public final class PasswordRules {
  /** In characters. */
  public static final int LENGTH_MIN = 12;

  /** In characters. */
  public static final int LENGTH_MAX = 256;

  private PasswordRules() {}

  /** A new password; empty where it is missing or wrong. */
  public static Optional<String> newPassword(Checks checks, String field, @Nullable Object value) {
    Optional<String> password = checks.secret(field, value, LENGTH_MAX);
    if (password.isPresent() && password.get().length() < LENGTH_MIN) {
      checks.invalid(field, "must be at least " + LENGTH_MIN + " characters long");
    }
    return password;
  }
}
