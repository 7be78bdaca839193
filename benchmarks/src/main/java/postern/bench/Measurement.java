package postern.bench;

import java.util.List;
import java.util.Optional;

/**
 * One line of the result.
 *
 * @param part which part of the benchmark it belongs to
 * @param workload what was done
 * @param yardstick what it is held against, in the same run
 * @param unit of both figures
 * @param goal empty where the line is for information
 */
record Measurement(
    String part,
    String workload,
    String yardstick,
    String unit,
    Optional<Goal> goal,
    List<Round> rounds,
    Noise noise) {

  Measurement {
    rounds = List.copyOf(rounds);
  }

  /** The median of the ratios, each of one round: what disturbs a round disturbs both in it. */
  double ratio() {
    return Stats.median(rounds.stream().map(Round::ratio).toList());
  }

  double yardstickMedian() {
    return Stats.median(rounds.stream().map(Round::yardstick).toList());
  }

  double posternMedian() {
    return Stats.median(rounds.stream().map(Round::postern).toList());
  }

  /** The figure that the goal is about. */
  double reached() {
    return goal.isPresent() && goal.get().figure() == Goal.Figure.VALUE ? posternMedian() : ratio();
  }

  Verdict verdict() {
    if (goal.isEmpty()) {
      return Verdict.NONE;
    }
    if (noise.isTooMuch()) {
      return Verdict.NOISY;
    }
    return goal.get().isReachedBy(reached()) ? Verdict.REACHED : Verdict.MISSED;
  }
}
