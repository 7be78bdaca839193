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

  private static final int UNANIMOUS_ROUNDS_MIN = 5;

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
    if (noise.isTooMuch() && !isUnanimous(goal.get())) {
      return Verdict.NOISY;
    }
    return goal.get().isReachedBy(reached()) ? Verdict.REACHED : Verdict.MISSED;
  }

  /**
   * Whether every round by itself says the same. With five of them that is chance once in sixteen
   * times if the truth is at the limit itself, whatever disturbed them; with fewer it says too
   * little.
   */
  private boolean isUnanimous(Goal judged) {
    long reached =
        rounds.stream()
            .mapToDouble(judged.figure() == Goal.Figure.VALUE ? Round::postern : Round::ratio)
            .filter(judged::isReachedBy)
            .count();
    return rounds.size() >= UNANIMOUS_ROUNDS_MIN && (reached == 0 || reached == rounds.size());
  }
}
