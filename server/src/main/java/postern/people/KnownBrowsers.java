package postern.people;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.random.RandomGenerator;
import postern.core.PersonId;
import postern.crypto.Digests;
import postern.crypto.Sealer;
import postern.crypto.UnsealException;

/**
 * Recognises browsers that a person has logged in with before, by a sealed cookie: their wrong
 * passwords are counted apart from those of strangers. The cookie opens nothing, and costs no
 * statement to check. It ends with the password. Safe for many threads.
 */
public final class KnownBrowsers {
  /** How long a browser is known after a log-in. */
  public static final Duration KNOWN_FOR = Duration.ofDays(90);

  private static final byte[] PURPOSE = "known browser".getBytes(StandardCharsets.US_ASCII);
  private static final int NAME_BYTES = 16;
  private static final int HASH_BYTES = 32;
  private static final int BYTES = 3 * Long.BYTES + NAME_BYTES + HASH_BYTES;
  private static final int TEXT_LENGTH_MAX = 400;

  private final Sealer sealer;
  private final RandomGenerator random;

  public KnownBrowsers(Sealer sealer, RandomGenerator random) {
    this.sealer = sealer;
    this.random = random;
  }

  /** The cookie of a browser whose person has just logged in. */
  String next(PersonId person, String passwordHash, Instant now) {
    byte[] name = new byte[NAME_BYTES];
    random.nextBytes(name);
    byte[] content =
        ByteBuffer.allocate(BYTES)
            .putLong(person.uuid().getMostSignificantBits())
            .putLong(person.uuid().getLeastSignificantBits())
            .putLong(now.plus(KNOWN_FOR).toEpochMilli())
            .put(name)
            .put(Digests.sha256(passwordHash))
            .array();
    return Base64.getUrlEncoder().withoutPadding().encodeToString(sealer.seal(content, PURPOSE));
  }

  /** The name of a browser; empty if it is not known as one of this person with this password. */
  Optional<String> nameOf(
      Optional<String> cookie, PersonId person, String passwordHash, Instant now) {
    return cookie
        .filter(text -> text.length() <= TEXT_LENGTH_MAX)
        .flatMap(this::opened)
        .filter(content -> content.length == BYTES)
        .flatMap(content -> nameIn(ByteBuffer.wrap(content), person, passwordHash, now));
  }

  private static Optional<String> nameIn(
      ByteBuffer content, PersonId person, String passwordHash, Instant now) {
    boolean isOf =
        content.getLong() == person.uuid().getMostSignificantBits()
            && content.getLong() == person.uuid().getLeastSignificantBits();
    if (!isOf || content.getLong() <= now.toEpochMilli()) {
      return Optional.empty();
    }
    byte[] name = new byte[NAME_BYTES];
    byte[] hash = new byte[HASH_BYTES];
    content.get(name).get(hash);
    return Arrays.equals(hash, Digests.sha256(passwordHash))
        ? Optional.of(HexFormat.of().formatHex(name))
        : Optional.empty();
  }

  private Optional<byte[]> opened(String text) {
    try {
      return Optional.of(sealer.open(Base64.getUrlDecoder().decode(text), PURPOSE));
    } catch (IllegalArgumentException | UnsealException e) {
      // Anybody can send a cookie: one that this server did not make names no browser.
      return Optional.empty();
    }
  }
}
