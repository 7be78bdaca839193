package postern.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MeasurementTest {
  private static final Noise QUIET = new Noise(0.1, 0.01, 0.01);

  private static Measurement of(Optional<Goal> goal, Noise noise, Round... rounds) {
    return new Measurement("part", "work", "yardstick", "ms", goal, List.of(rounds), noise);
  }

  @Test
  void theRatioIsThatOfEachRound() {
    // Of the medians it would be 2.
    Measurement measured =
        of(Optional.empty(), QUIET, new Round(1, 4), new Round(2, 6), new Round(3, 3));
    assertThat(measured.ratio()).isEqualTo(3);
    assertThat(measured.yardstickMedian()).isEqualTo(2);
    assertThat(measured.posternMedian()).isEqualTo(4);
    assertThat(measured.verdict()).isEqualTo(Verdict.NONE);
  }

  @Test
  void aGoalIsReachedAtItsLimit() {
    Round round = new Round(100, 60);
    assertThat(of(Optional.of(Goal.ratioAtLeast(0.6)), QUIET, round).verdict())
        .isEqualTo(Verdict.REACHED);
    assertThat(of(Optional.of(Goal.ratioAtLeast(0.61)), QUIET, round).verdict())
        .isEqualTo(Verdict.MISSED);
    assertThat(of(Optional.of(Goal.ratioAtMost(0.6)), QUIET, round).verdict())
        .isEqualTo(Verdict.REACHED);
    assertThat(of(Optional.of(Goal.valueAtMost(60)), QUIET, round).verdict())
        .isEqualTo(Verdict.REACHED);
    assertThat(of(Optional.of(Goal.valueAtMost(59)), QUIET, round).verdict())
        .isEqualTo(Verdict.MISSED);
  }

  @Test
  void aNoisyMachineIsNotJudged() {
    Optional<Goal> goal = Optional.of(Goal.ratioAtLeast(0.6));
    for (Noise noise :
        List.of(new Noise(0.31, 0, 0), new Noise(0, 0.06, 0), new Noise(0, 0, 0.06))) {
      assertThat(noise.reasons()).hasSize(1);
      assertThat(of(goal, noise, new Round(100, 90)).verdict()).isEqualTo(Verdict.NOISY);
      assertThat(of(Optional.empty(), noise, new Round(1, 1)).verdict()).isEqualTo(Verdict.NONE);
    }
  }

  @Test
  void moreOfAGoalIsBetterInBothDirections() {
    assertThat(Goal.ratioAtLeast(0.6).attainedBy(0.9)).isEqualTo(1.5, within(1e-9));
    assertThat(Goal.ratioAtMost(2).attainedBy(4)).isEqualTo(0.5);
    assertThat(Goal.valueAtMost(0).attainedBy(0)).isEqualTo(1);
    assertThat(Goal.valueAtMost(0).attainedBy(1)).isZero();
    assertThat(Goal.valueAtMost(200).attainedBy(0)).isEqualTo(100);
  }

  @Test
  void goalsNameTheirUnits() {
    assertThat(Goal.ratioAtLeast(0.6).text("answers/s")).isEqualTo("≥ 0.60×");
    assertThat(Goal.valueAtMost(200).text("MB")).isEqualTo("≤ 200 MB");
  }
}
