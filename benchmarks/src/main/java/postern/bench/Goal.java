package postern.bench;

import java.util.Locale;

/**
 * What a figure is held against.
 *
 * @param direction whether the figure is to be large or small
 * @param limit the bound, which still counts as reached
 * @param figure what is compared: the ratio to the yardstick, or Postern's own figure
 */
record Goal(Direction direction, double limit, Figure figure) {
  /** Which side of the limit is the good one. */
  enum Direction {
    AT_LEAST("≥"),
    AT_MOST("≤");

    private final String sign;

    Direction(String sign) {
      this.sign = sign;
    }
  }

  /** What is compared with the limit. */
  enum Figure {
    RATIO,
    VALUE
  }

  // Of a figure that is nearly nothing where little is wanted, the picture need not tell how
  // little.
  private static final double ATTAINED_MAX = 100;

  static Goal ratioAtLeast(double limit) {
    return new Goal(Direction.AT_LEAST, limit, Figure.RATIO);
  }

  static Goal ratioAtMost(double limit) {
    return new Goal(Direction.AT_MOST, limit, Figure.RATIO);
  }

  static Goal valueAtMost(double limit) {
    return new Goal(Direction.AT_MOST, limit, Figure.VALUE);
  }

  boolean isReachedBy(double reached) {
    return direction == Direction.AT_LEAST ? reached >= limit : reached <= limit;
  }

  /**
   * How much of the goal was reached: 1 is just reached, more is better, whatever the direction.
   */
  double attainedBy(double reached) {
    double attained = direction == Direction.AT_LEAST ? reached / limit : limit / reached;
    return Double.isNaN(attained) ? 1 : Math.min(attained, ATTAINED_MAX);
  }

  /** Such as {@code ≥ 0.60×}, or {@code ≤ 200 MB} with the unit of the figure. */
  String text(String unit) {
    return direction.sign
        + " "
        + (figure == Figure.RATIO
            ? String.format(Locale.ROOT, "%.2f×", limit)
            : Texts.number(limit) + " " + unit);
  }
}
