package postern.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import org.junit.jupiter.params.provider.ArgumentsSource;
import postern.fuzz.Corpus;
import postern.fuzz.Text;

class PasswordHashesFuzzTest {
  @ArgumentsSource(Corpus.class)
  @FuzzTest(maxDuration = "30s")
  void parse(byte[] bytes) {
    PhcString hash;
    try {
      hash = PhcString.parse(Text.utf8(bytes));
    } catch (IllegalArgumentException refused) {
      return;
    }
    assertThat(hash.memoryKib()).isLessThanOrEqualTo(PhcString.MEMORY_KIB_MAX);
    assertThat(PhcString.parse(hash.text()).text()).isEqualTo(hash.text());
  }
}
