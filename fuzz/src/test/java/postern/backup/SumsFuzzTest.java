package postern.backup;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import org.junit.jupiter.params.provider.ArgumentsSource;
import postern.fuzz.Corpus;

class SumsFuzzTest {
  @ArgumentsSource(Corpus.class)
  @FuzzTest(maxDuration = "30s")
  void parse(byte[] bytes) {
    Sums sums;
    try {
      sums = Sums.parse(bytes);
    } catch (BackupException refused) {
      return;
    }
    assertThat(Sums.parse(sums.toBytes())).isEqualTo(sums);
  }
}
