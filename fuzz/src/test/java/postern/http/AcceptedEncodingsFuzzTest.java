package postern.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import org.junit.jupiter.params.provider.ArgumentsSource;
import postern.fuzz.Corpus;
import postern.fuzz.Text;

class AcceptedEncodingsFuzzTest {
  @ArgumentsSource(Corpus.class)
  @FuzzTest(maxDuration = "30s")
  void parse(byte[] bytes) {
    String header = Text.latin1(bytes);
    if (AnswerSender.acceptsGzip(header)) {
      assertThat(header).containsIgnoringCase("gzip");
    }
  }
}
