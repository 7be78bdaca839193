package postern.idempotency;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import org.junit.jupiter.params.provider.ArgumentsSource;
import postern.core.ApiException;
import postern.fuzz.Corpus;
import postern.fuzz.Text;

class IdempotencyKeysFuzzTest {
  @ArgumentsSource(Corpus.class)
  @FuzzTest(maxDuration = "30s")
  void parse(byte[] bytes) {
    try {
      assertThat(IdempotencyKeys.keyIn(Text.latin1(bytes))).matches("[ -~]{1,255}");
    } catch (ApiException.Invalid refused) {
      assertThat(refused.code().status()).isEqualTo(422);
    }
  }
}
