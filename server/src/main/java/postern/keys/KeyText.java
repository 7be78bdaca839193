package postern.keys;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.zip.CRC32;
import postern.core.Mode;
import postern.core.UserId;

/**
 * The text of an API key, 58 characters: {@code EZTK} (test) or {@code EZAK} (production), the 32
 * hex digits of its owner's id, 16 random base-62 characters (95 bits), and 6 base-62 characters of
 * checksum. The checksum is the CRC-32 of all that stands before it, so that a mistyped or invented
 * key is known as such without a look-up, and a leaked one is recognised by a scanner.
 */
final class KeyText {
  /** What a scanner for leaked secrets looks for; {@code docs/operations.md} holds it too. */
  static final String PATTERN = "EZ[TA]K[0-9a-f]{32}[0-9A-Za-z]{22}";

  private static final String BASE_62 =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  private static final int PREFIX_LENGTH = 4;
  private static final int OWNER_LENGTH = 32;
  private static final int RANDOM_LENGTH = 16;
  private static final int CHECKSUM_LENGTH = 6;
  private static final int CHECKED_LENGTH = PREFIX_LENGTH + OWNER_LENGTH + RANDOM_LENGTH;
  private static final int LENGTH = CHECKED_LENGTH + CHECKSUM_LENGTH;

  private final String text;
  private final UserId owner;

  private KeyText(String text, UserId owner) {
    this.text = text;
    this.owner = owner;
  }

  /** A new key for a user. */
  static KeyText next(Mode mode, UserId owner, RandomGenerator random) {
    StringBuilder text = new StringBuilder(LENGTH).append(mode.keyPrefix()).append(owner.hex());
    for (int i = 0; i < RANDOM_LENGTH; i++) {
      text.append(BASE_62.charAt(random.nextInt(BASE_62.length())));
    }
    return new KeyText(text.append(checksumOf(text)).toString(), owner);
  }

  /** Reads what a caller sent; empty for everything that cannot be a key of ours. */
  static Optional<KeyText> parse(String given) {
    if (given.length() != LENGTH
        || !(given.startsWith("EZTK") || given.startsWith("EZAK"))
        || !isBase62(given, PREFIX_LENGTH + OWNER_LENGTH, CHECKED_LENGTH)
        || !given.endsWith(checksumOf(given.subSequence(0, CHECKED_LENGTH)))) {
      return Optional.empty();
    }
    return UserId.parseHex(given, PREFIX_LENGTH).map(owner -> new KeyText(given, owner));
  }

  private static boolean isBase62(String text, int start, int end) {
    for (int i = start; i < end; i++) {
      if (BASE_62.indexOf(text.charAt(i)) < 0) {
        return false;
      }
    }
    return true;
  }

  /** Whose key it says that it is. */
  UserId owner() {
    return owner;
  }

  /** The key itself: a secret. */
  String reveal() {
    return text;
  }

  /** Never the key: this may end in a log. */
  @Override
  public String toString() {
    return "KeyText[of " + owner + "]";
  }

  private static String checksumOf(CharSequence checked) {
    CRC32 crc = new CRC32();
    crc.update(checked.toString().getBytes(StandardCharsets.UTF_8));
    long rest = crc.getValue();
    char[] digits = new char[CHECKSUM_LENGTH];
    for (int i = CHECKSUM_LENGTH - 1; i >= 0; i--) {
      digits[i] = BASE_62.charAt((int) (rest % BASE_62.length()));
      rest /= BASE_62.length();
    }
    return new String(digits);
  }
}
