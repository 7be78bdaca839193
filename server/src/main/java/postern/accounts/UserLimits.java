package postern.accounts;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import postern.core.Checks;
import postern.core.EmailAddress;

/** What the texts of a user may be, whatever way they come in. */
public final class UserLimits {
  private static final int NAME_LENGTH_MAX = 255;
  private static final int EMAIL_LENGTH_MAX = 254;

  private UserLimits() {}

  /** A name; empty where it is missing, blank or wrong. */
  public static Optional<String> name(Checks checks, String field, @Nullable Object value) {
    return checks.text(field, value, NAME_LENGTH_MAX);
  }

  /** An e-mail address; empty where it is missing, blank or wrong. */
  public static Optional<String> email(Checks checks, String field, @Nullable Object value) {
    Optional<String> email = checks.text(field, value, EMAIL_LENGTH_MAX);
    Optional<String> address = email.flatMap(EmailAddress::parse);
    if (email.isPresent() && address.isEmpty()) {
      checks.invalid(field, "must be an email address");
    }
    return address;
  }
}
