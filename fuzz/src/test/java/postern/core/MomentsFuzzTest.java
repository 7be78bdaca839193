package postern.core;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import org.junit.jupiter.params.provider.ArgumentsSource;
import postern.fuzz.Corpus;
import postern.fuzz.Text;

class MomentsFuzzTest {
  @ArgumentsSource(Corpus.class)
  @FuzzTest(maxDuration = "30s")
  void parse(byte[] bytes) {
    Checks checks = new Checks();
    assertThat(checks.moment("moment", Text.utf8(bytes)).isPresent() && checks.isAnyWrong())
        .isFalse();
  }
}
