package postern.bench;

import java.util.List;

/** One turn of both, one right after the other, in the same unit; or several of them as one. */
record Round(double yardstick, double postern) {
  /** The means of turns of the same length. */
  static Round mean(List<Round> turns) {
    return new Round(Stats.mean(turns, Round::yardstick), Stats.mean(turns, Round::postern));
  }

  double ratio() {
    return postern / yardstick;
  }
}
