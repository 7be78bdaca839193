package postern.core;

import java.util.Optional;
import java.util.UUID;

/**
 * The id of somebody who logs in: {@code person_} and 32 lower-case hex digits for readers, a
 * {@code uuid} in the database.
 */
public record PersonId(UUID uuid) {
  private static final String PREFIX = "person_";

  /** Reads the text form; empty for any text that is not one. */
  public static Optional<PersonId> parse(String text) {
    return PrefixedId.parse(PREFIX, text).map(PersonId::new);
  }

  /** The text form. */
  @Override
  public String toString() {
    return PrefixedId.format(PREFIX, uuid);
  }
}
