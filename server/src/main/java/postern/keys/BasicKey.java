package postern.keys;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads an {@code Authorization} header in the one form that clients send: {@code Basic} with a key
 * as user name and an empty password. It goes from the header's characters to the key's bytes
 * without a text between, since it is done for every request.
 */
final class BasicKey {
  private static final String SCHEME = "Basic ";

  /** Groups of four characters that stand for three bytes of the key each. */
  private static final int GROUPS = KeyText.LENGTH / 3;

  /** The last group is the key's last character, the colon, and one character that fills it up. */
  private static final int LENGTH = SCHEME.length() + (GROUPS + 1) * 4;

  private static final byte NONE = -1;
  private static final byte[] SIX_BITS = sixBits();

  private BasicKey() {}

  private static byte[] sixBits() {
    String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    byte[] values = new byte[128];
    Arrays.fill(values, NONE);
    for (int i = 0; i < alphabet.length(); i++) {
      values[alphabet.charAt(i)] = (byte) i;
    }
    return values;
  }

  /** What stands in the key's place, of a key's length; null for a header of any other form. */
  static byte @Nullable [] read(String header) {
    if (header.length() != LENGTH
        || header.charAt(LENGTH - 1) != '='
        || !header.startsWith(SCHEME)) {
      return null;
    }
    byte[] key = new byte[KeyText.LENGTH];
    int wrong = 0;
    int at = SCHEME.length();
    for (int i = 0; i < GROUPS * 3; i += 3) {
      int bits = bits(header, at) << 18 | bits(header, at + 1) << 12 | bits(header, at + 2) << 6;
      bits |= bits(header, at + 3);
      wrong |= bits;
      key[i] = (byte) (bits >> 16);
      key[i + 1] = (byte) (bits >> 8);
      key[i + 2] = (byte) bits;
      at += 4;
    }
    int last = bits(header, at) << 10 | bits(header, at + 1) << 4 | bits(header, at + 2) >> 2;
    key[KeyText.LENGTH - 1] = (byte) (last >> 8);
    boolean isPair = (wrong | last) >= 0 && (byte) last == ':';
    return isPair ? key : null;
  }

  /** What a character stands for; negative where it stands for nothing. */
  private static int bits(String header, int at) {
    char c = header.charAt(at);
    return c < SIX_BITS.length ? SIX_BITS[c] : NONE;
  }
}
