package postern.core;

import java.util.Optional;
import java.util.UUID;

/** The text form that all ids share: a prefix, then the 32 lower-case hex digits of a UUID. */
final class PrefixedId {
  private static final int HEX_LENGTH = 32;

  private PrefixedId() {}

  static String format(String prefix, UUID uuid) {
    byte[] text = new byte[prefix.length() + HEX_LENGTH];
    for (int i = 0; i < prefix.length(); i++) {
      text[i] = (byte) prefix.charAt(i);
    }
    putHex(text, prefix.length(), uuid.getMostSignificantBits());
    putHex(text, prefix.length() + HEX_LENGTH / 2, uuid.getLeastSignificantBits());
    return new String(text, java.nio.charset.StandardCharsets.ISO_8859_1);
  }

  static String hex(UUID uuid) {
    return format("", uuid);
  }

  static Optional<UUID> parse(String prefix, String text) {
    return text.length() == prefix.length() + HEX_LENGTH && text.startsWith(prefix)
        ? parseHex(text, prefix.length())
        : Optional.empty();
  }

  /** Reads the 32 lower-case hex digits that begin at {@code start}; upper case is refused. */
  private static Optional<UUID> parseHex(String text, int start) {
    long high = 0;
    long low = 0;
    for (int i = 0; i < HEX_LENGTH; i++) {
      int digit = digitOf(text.charAt(start + i));
      if (digit < 0) {
        return Optional.empty();
      }
      if (i < HEX_LENGTH / 2) {
        high = high << 4 | digit;
      } else {
        low = low << 4 | digit;
      }
    }
    return Optional.of(new UUID(high, low));
  }

  private static int digitOf(char c) {
    if (c >= '0' && c <= '9') {
      return c - '0';
    }
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
  }

  private static void putHex(byte[] digits, int start, long bits) {
    for (int i = 0; i < HEX_LENGTH / 2; i++) {
      digits[start + i] = (byte) "0123456789abcdef".charAt((int) (bits >>> (60 - 4 * i)) & 0xf);
    }
  }
}
