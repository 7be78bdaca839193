package postern.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Map;
import org.junit.jupiter.params.provider.ArgumentsSource;
import postern.core.ApiException;
import postern.fuzz.Corpus;

class FormsFuzzTest {
  @ArgumentsSource(Corpus.class)
  @FuzzTest(maxDuration = "30s")
  void parse(byte[] bytes) {
    try {
      Map<String, ?> form = FormData.parse(bytes);
      assertThat(form.size()).isLessThanOrEqualTo(1 + bytes.length / 2);
    } catch (ApiException.Refused refused) {
      assertThat(refused.code().status()).isEqualTo(400);
    }
  }
}
