package postern.bench;

import java.util.Locale;

/** How figures are written for people. */
final class Texts {
  private static final double WITHOUT_PLACES_FROM = 100;

  private Texts() {}

  /** Whole from a hundred on, with thousands between commas; below that with two places. */
  static String number(double value) {
    if (value == Math.rint(value) || Math.abs(value) >= WITHOUT_PLACES_FROM) {
      return String.format(Locale.ROOT, "%,.0f", value);
    }
    return String.format(Locale.ROOT, "%.2f", value);
  }

  static String ratio(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }

  static String percent(double part) {
    return String.format(Locale.ROOT, "%.0f %%", 100 * part);
  }
}
