package postern.http;

import java.time.Instant;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Makes the text of {@code X-Ep-Request-Uuid}: 32 lower-case hex digits of which the 9th to the
 * 16th are the Unix time, as recorded on EasyPost's answers.
 */
final class RequestId {
  private RequestId() {}

  static String next(Instant now) {
    HexFormat hex = HexFormat.of();
    ThreadLocalRandom random = ThreadLocalRandom.current();
    return hex.toHexDigits(random.nextInt())
        + hex.toHexDigits((int) now.getEpochSecond())
        + hex.toHexDigits(random.nextLong());
  }
}
