package postern.people;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import org.junit.jupiter.params.provider.ArgumentsSource;
import postern.fuzz.Corpus;
import postern.fuzz.Text;

/** All spellings of an address have one key, and so does the key itself. */
class AddressesFuzzTest {
  @ArgumentsSource(Corpus.class)
  @FuzzTest(maxDuration = "30s")
  void parse(byte[] bytes) {
    String key = EmailKey.of(Text.utf8(bytes));
    assertThat(EmailKey.of(key)).isEqualTo(key);
  }
}
