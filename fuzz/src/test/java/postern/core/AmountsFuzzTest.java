package postern.core;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.math.BigDecimal;
import org.junit.jupiter.params.provider.ArgumentsSource;
import postern.fuzz.Corpus;
import postern.fuzz.Text;

class AmountsFuzzTest {
  private static final long DOLLARS_MAX = 1_000_000;

  @ArgumentsSource(Corpus.class)
  @FuzzTest(maxDuration = "30s")
  void parse(byte[] bytes) {
    Checks checks = new Checks();
    checks
        .amount("amount", Text.utf8(bytes), DOLLARS_MAX)
        .ifPresent(
            micros -> {
              assertThat(micros).isBetween(0L, DOLLARS_MAX * 1_000_000);
              assertThat(new BigDecimal(Money.text(micros, 2)).movePointRight(6))
                  .isEqualByComparingTo(BigDecimal.valueOf(micros));
            });
    checks
        .wholeNumber("number", Text.utf8(bytes), 0)
        .ifPresent(number -> assertThat(number).isNotNegative());
  }
}
