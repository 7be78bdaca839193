package postern.core;

import java.util.Optional;
import java.util.UUID;

/**
 * The id of a mail: {@code mail_} and 32 lower-case hex digits for readers, a {@code uuid} in the
 * database.
 */
public record MailId(UUID uuid) {
  private static final String PREFIX = "mail_";

  /** Reads the text form; empty for any text that is not one. */
  public static Optional<MailId> parse(String text) {
    return PrefixedId.parse(PREFIX, text).map(MailId::new);
  }

  /** The text form. */
  @Override
  public String toString() {
    return PrefixedId.format(PREFIX, uuid);
  }
}
