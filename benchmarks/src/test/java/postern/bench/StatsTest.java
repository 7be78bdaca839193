package postern.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class StatsTest {
  @Test
  void theMedianIsInTheMiddle() {
    assertThat(Stats.median(List.of(9.0, 1.0, 5.0))).isEqualTo(5);
    assertThat(Stats.median(List.of(4.0, 1.0, 2.0, 9.0))).isEqualTo(3);
    assertThat(Stats.median(List.of(7.0))).isEqualTo(7);
    assertThatThrownBy(() -> Stats.median(List.of())).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void theMeanIsOfAFigure() {
    assertThat(Stats.mean(List.of("a", "bcd"), String::length)).isEqualTo(2);
    assertThatThrownBy(() -> Stats.mean(List.<String>of(), String::length))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void theSpreadIsAPartOfTheMedian() {
    assertThat(Stats.spread(List.of(90.0, 100.0, 120.0))).isEqualTo(0.3, within(1e-9));
    assertThat(Stats.spread(List.of(0.0, 0.0))).isZero();
  }
}
