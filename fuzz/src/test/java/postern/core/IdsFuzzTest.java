package postern.core;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import org.junit.jupiter.params.provider.ArgumentsSource;
import postern.fuzz.Corpus;
import postern.fuzz.Text;

class IdsFuzzTest {
  @ArgumentsSource(Corpus.class)
  @FuzzTest(maxDuration = "30s")
  void parse(byte[] bytes) {
    String text = Text.utf8(bytes);
    UserId.parse(text).ifPresent(id -> assertThat(id).hasToString(text));
    KeyId.parse(text).ifPresent(id -> assertThat(id).hasToString(text));
    EventId.parse(text).ifPresent(id -> assertThat(id).hasToString(text));
    WebhookId.parse(text).ifPresent(id -> assertThat(id).hasToString(text));
    PaymentId.parse(text).ifPresent(id -> assertThat(id).hasToString(text));
  }
}
