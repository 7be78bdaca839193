package postern.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How quiet the machine was during a part.
 *
 * @param yardstickSpread from the slowest to the fastest round of the yardstick, as a part of its
 *     median
 * @param stolen the part of the processors' time that the hypervisor gave to others
 * @param others the part of the processors' time that went to processes which this program did not
 *     start
 */
record Noise(double yardstickSpread, double stolen, double others) {
  /** The same program on the same machine is to do about the same in each round. */
  static final double YARDSTICK_SPREAD_MAX = 0.30;

  /** Of what is counted and not timed: it is the same on a busy machine. */
  static final Noise NONE = new Noise(0, 0, 0);

  static final double STOLEN_MAX = 0.05;
  static final double OTHERS_MAX = 0.05;

  boolean isTooMuch() {
    return !reasons().isEmpty();
  }

  /** What was beyond its bound, in words. */
  List<String> reasons() {
    List<String> reasons = new ArrayList<>();
    add(reasons, "the yardstick's rounds differ by", yardstickSpread, YARDSTICK_SPREAD_MAX);
    add(reasons, "the hypervisor took", stolen, STOLEN_MAX);
    add(reasons, "other programs took", others, OTHERS_MAX);
    return reasons;
  }

  private static void add(List<String> reasons, String what, double part, double max) {
    if (part > max) {
      reasons.add(
          String.format(Locale.ROOT, "%s %.0f %% (at most %.0f)", what, 100 * part, 100 * max));
    }
  }
}
