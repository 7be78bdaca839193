package postern.http;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Makes the text of {@code X-Ep-Request-Uuid}: 32 lower-case hex digits of which the 9th to the
 * 16th are the Unix time, as recorded on EasyPost's answers.
 */
final class RequestId {
  private static final int LENGTH = 32;
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.ISO_8859_1);

  private RequestId() {}

  static String next(Instant now) {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    byte[] digits = new byte[LENGTH];
    putHex(digits, 0, random.nextInt(), 8);
    putHex(digits, 8, now.getEpochSecond(), 8);
    putHex(digits, 16, random.nextLong(), 16);
    return new String(digits, StandardCharsets.ISO_8859_1);
  }

  private static void putHex(byte[] digits, int start, long bits, int count) {
    for (int i = start + count - 1; i >= start; i--) {
      digits[i] = HEX[(int) bits & 0xf];
      bits >>>= 4;
    }
  }
}
