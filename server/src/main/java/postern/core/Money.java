package postern.core;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * Amounts as whole micro-dollars in a {@code long}: a millionth of a dollar, never floating point.
 */
public final class Money {
  private static final int MICRO_DIGITS = 6;

  private Money() {}

  /** Micro-dollars of a decimal amount in dollars; {@link ArithmeticException} past six places. */
  public static long micros(BigDecimal dollars) {
    return dollars.movePointRight(MICRO_DIGITS).longValueExact();
  }

  /** Decimal text in dollars with exactly {@code places} digits after the point. */
  public static String text(long micros, int places) {
    return BigDecimal.valueOf(micros, MICRO_DIGITS)
        .setScale(places, RoundingMode.UNNECESSARY)
        .toPlainString();
  }
}
