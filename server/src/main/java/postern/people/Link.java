package postern.people;

import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import postern.core.PersonId;

/**
 * What was sent by mail, to be opened once.
 *
 * @param email the address that it was sent to, and so proves
 * @param person null where there is none yet
 * @param name of a person that is to be
 * @param passwordHash of a person that is to be
 * @param browserDigest of the browser that asked; null where any may open it
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
public record Link(
    Kind kind,
    String email,
    @Nullable PersonId person,
    @Nullable String name,
    @Nullable String passwordHash,
    byte @Nullable [] browserDigest) {
  /** What it is for, and how long it can be opened. */
  public enum Kind {
    SIGN_UP(Duration.ofHours(24)),
    INVITATION(Duration.ofDays(7)),
    VERIFICATION(Duration.ofHours(24)),
    PASSWORD_RESET(Duration.ofHours(1)),
    EMAIL_CHANGE(Duration.ofHours(24)),
    /** Sent to the old address: ends every change of the address that was asked for. */
    EMAIL_CHANGE_STOP(Duration.ofHours(24));

    private final Duration validFor;

    Kind(Duration validFor) {
      this.validFor = validFor;
    }

    Duration validFor() {
      return validFor;
    }

    String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** One for a person that exists. */
  public static Link of(Kind kind, Person person, String email) {
    return new Link(kind, email, person.id(), null, null, null);
  }

  /** Whether the browser is the one that asked. */
  public boolean isOf(Optional<Token> browser) {
    return browserDigest == null
        || browser.filter(token -> Arrays.equals(token.digest(), browserDigest)).isPresent();
  }
}
