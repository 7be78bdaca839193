package postern.webhooks;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.net.URI;
import org.junit.jupiter.params.provider.ArgumentsSource;
import postern.fuzz.Corpus;
import postern.fuzz.Text;

class WebhookUrlsFuzzTest {
  @ArgumentsSource(Corpus.class)
  @FuzzTest(maxDuration = "30s")
  void parse(byte[] bytes) {
    WebhookUrl.parse(Text.utf8(bytes))
        .ifPresent(
            webhook -> {
              URI url = URI.create(webhook.url());
              assertThat(url.getScheme()).matches("(?i)https?");
              assertThat(url.getHost()).isNotEmpty();
              assertThat(url.getRawUserInfo()).isNull();
            });
  }
}
