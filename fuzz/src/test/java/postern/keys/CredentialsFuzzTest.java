package postern.keys;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
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
    byte[] name = Arrays.copyOf(bytes, KeyText.LENGTH);
    byte[] usual = Arrays.copyOf(name, KeyText.LENGTH + 1);
    usual[KeyText.LENGTH] = ':';
    assertThat(BasicKey.read("Basic " + Base64.getEncoder().encodeToString(usual))).isEqualTo(name);
    byte[] read = BasicKey.read(header);
    if (read != null && KeyText.of(read) != null) {
      assertThat(key).isEqualTo(new String(read, StandardCharsets.ISO_8859_1));
    }
  }
}
