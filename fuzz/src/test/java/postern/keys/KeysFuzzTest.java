package postern.keys;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import org.junit.jupiter.params.provider.ArgumentsSource;
import postern.fuzz.Corpus;
import postern.fuzz.Text;

class KeysFuzzTest {
  @ArgumentsSource(Corpus.class)
  @FuzzTest(maxDuration = "30s")
  void parse(byte[] bytes) {
    String text = Text.utf8(bytes);
    KeyText.parse(text)
        .ifPresent(
            key -> {
              assertThat(key.reveal()).isEqualTo(text).matches(KeyText.PATTERN);
              assertThat(text).contains(key.owner().hex());
            });
  }
}
