package postern.keys;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;
import java.util.random.RandomGenerator;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import postern.core.Mode;
import postern.core.UserId;

/**
 * The text of an API key, 58 characters: {@code EZTK} (test) or {@code EZAK} (production), the 32
 * hex digits of its owner's id, 16 random base-62 characters (95 bits), and 6 base-62 characters of
 * checksum. The checksum is the CRC-32 of all that stands before it, so that a mistyped or invented
 * key is known as such without a look-up, and a leaked one is recognised by a scanner.
 *
 * <p>It is kept as the bytes that it was read from: every request brings one, and a copy costs more
 * than to check it.
 */
final class KeyText {
  /** What a scanner for leaked secrets looks for; {@code docs/operations.md} holds it too. */
  static final String PATTERN = "EZ[TA]K[0-9a-f]{32}[0-9A-Za-z]{22}";

  private static final int PREFIX_LENGTH = 4;
  private static final int OWNER_LENGTH = 32;
  private static final int RANDOM_LENGTH = 16;
  private static final int RANDOM_BYTES_DRAWN = 20;
  private static final int CHECKSUM_LENGTH = 6;
  private static final int RANDOM_START = PREFIX_LENGTH + OWNER_LENGTH;
  private static final int CHECKED_LENGTH = RANDOM_START + RANDOM_LENGTH;

  /** How many characters a key has, each of them a byte. */
  static final int LENGTH = CHECKED_LENGTH + CHECKSUM_LENGTH;

  private static final byte[] BASE_62 =
      ascii("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

  private final byte[] text;

  private KeyText(byte[] text) {
    this.text = text;
  }

  /** A new key for a user. */
  static KeyText next(Mode mode, UserId owner, RandomGenerator random) {
    byte[] text = Arrays.copyOf(ascii(mode.keyPrefix() + owner.hex()), LENGTH);
    putRandom(text, random);
    long rest = checksumOf(text);
    for (int i = LENGTH - 1; i >= CHECKED_LENGTH; i--) {
      text[i] = BASE_62[(int) (rest % BASE_62.length)];
      rest /= BASE_62.length;
    }
    return new KeyText(text);
  }

  /** Draws some bytes at once: to ask a secure source costs more than what it gives. */
  private static void putRandom(byte[] text, RandomGenerator random) {
    byte[] drawn = new byte[RANDOM_BYTES_DRAWN];
    int next = RANDOM_BYTES_DRAWN;
    int i = RANDOM_START;
    while (i < CHECKED_LENGTH) {
      if (next == RANDOM_BYTES_DRAWN) {
        random.nextBytes(drawn);
        next = 0;
      }
      int value = Byte.toUnsignedInt(drawn[next++]);
      // Of 256 values the last 8 would make some characters likelier than others.
      if (value < BASE_62.length * 4) {
        text[i++] = BASE_62[value % BASE_62.length];
      }
    }
  }

  /** Reads what a caller sent; empty for everything that cannot be a key of ours. */
  static Optional<KeyText> parse(String given) {
    return given.length() == LENGTH
        ? Optional.ofNullable(of(given.getBytes(StandardCharsets.ISO_8859_1)))
        : Optional.empty();
  }

  /** The same of bytes, which are kept; null for everything that cannot be a key of ours. */
  static @Nullable KeyText of(byte[] given) {
    return given.length == LENGTH && hasPrefix(given) && hasOwner(given) && hasChecksum(given)
        ? new KeyText(given)
        : null;
  }

  private static boolean hasPrefix(byte[] given) {
    return given[0] == 'E'
        && given[1] == 'Z'
        && (given[2] == 'T' || given[2] == 'A')
        && given[3] == 'K';
  }

  private static boolean hasOwner(byte[] given) {
    for (int i = PREFIX_LENGTH; i < RANDOM_START; i++) {
      if (!isDigit(given[i]) && !(given[i] >= 'a' && given[i] <= 'f')) {
        return false;
      }
    }
    return true;
  }

  private static boolean hasChecksum(byte[] given) {
    for (int i = RANDOM_START; i < CHECKED_LENGTH; i++) {
      if (!isBase62(given[i])) {
        return false;
      }
    }
    long rest = checksumOf(given);
    for (int i = LENGTH - 1; i >= CHECKED_LENGTH; i--) {
      if (given[i] != BASE_62[(int) (rest % BASE_62.length)]) {
        return false;
      }
      rest /= BASE_62.length;
    }
    return true;
  }

  private static boolean isBase62(byte c) {
    return isDigit(c) || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
  }

  private static boolean isDigit(byte c) {
    return c >= '0' && c <= '9';
  }

  private static long checksumOf(byte[] text) {
    CRC32 crc = new CRC32();
    crc.update(text, 0, CHECKED_LENGTH);
    return crc.getValue();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** Whose key it says that it is. */
  UserId owner() {
    return new UserId(new UUID(hexAt(PREFIX_LENGTH), hexAt(PREFIX_LENGTH + OWNER_LENGTH / 2)));
  }

  private long hexAt(int start) {
    long bits = 0;
    for (int i = start; i < start + OWNER_LENGTH / 2; i++) {
      bits = bits << 4 | Character.digit(text[i], 16);
    }
    return bits;
  }

  /** The key itself: a secret. */
  String reveal() {
    return new String(text, StandardCharsets.US_ASCII);
  }

  /** The same as ASCII, for reading: a secret. */
  byte[] bytes() {
    return text;
  }

  /** Never the key: this may end in a log. */
  @Override
  public String toString() {
    return "KeyText[of " + owner() + "]";
  }
}
