package postern.core;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;

/** Moments as they stand on the wire: in whole seconds, such as {@code 2026-03-01T09:30:00Z}. */
public final class WireTime {
  private static final int SECONDS_PER_DAY = 24 * 60 * 60;
  private static final Instant FIRST_OF_FOUR_DIGITS = Instant.parse("0000-01-01T00:00:00Z");
  private static final Instant FIRST_OF_FIVE_DIGITS = Instant.parse("+10000-01-01T00:00:00Z");

  private WireTime() {}

  /** The second in which a moment lies. */
  public static String seconds(Instant at) {
    if (at.isBefore(FIRST_OF_FOUR_DIGITS) || !at.isBefore(FIRST_OF_FIVE_DIGITS)) {
      return at.truncatedTo(ChronoUnit.SECONDS).toString();
    }
    // The same as above without a formatter: long lists hold a time for each row.
    LocalDate day = LocalDate.ofEpochDay(Math.floorDiv(at.getEpochSecond(), SECONDS_PER_DAY));
    int second = Math.floorMod(at.getEpochSecond(), SECONDS_PER_DAY);
    byte[] text = "0000-00-00T00:00:00Z".getBytes(StandardCharsets.ISO_8859_1);
    putTwo(text, 0, day.getYear() / 100);
    putTwo(text, 2, day.getYear() % 100);
    putTwo(text, 5, day.getMonthValue());
    putTwo(text, 8, day.getDayOfMonth());
    putTwo(text, 11, second / 3600);
    putTwo(text, 14, second / 60 % 60);
    putTwo(text, 17, second % 60);
    return new String(text, StandardCharsets.ISO_8859_1);
  }

  private static void putTwo(byte[] text, int start, int number) {
    text[start] = (byte) ('0' + number / 10);
    text[start + 1] = (byte) ('0' + number % 10);
  }
}
