package postern.keys;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.params.provider.ArgumentsSource;
import postern.fuzz.Corpus;
import postern.fuzz.Text;

class CredentialsFuzzTest {
  @ArgumentsSource(Corpus.class)
  @FuzzTest(maxDuration = "30s")
  void parse(byte[] bytes) {
    String header = Text.latin1(bytes);
    String key = KeyFilter.keyIn(header);
    assertThat(key).isEqualTo(key.strip());
    String pair = header.replace(":", "") + ":password";
    String basic =
        "basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.ISO_8859_1));
    assertThat(KeyFilter.keyIn(basic)).isEqualTo(header.replace(":", "").strip());
  }
}
