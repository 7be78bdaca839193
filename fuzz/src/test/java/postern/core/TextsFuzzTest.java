package postern.core;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import org.junit.jupiter.params.provider.ArgumentsSource;
import postern.fuzz.Corpus;
import postern.fuzz.Text;

class TextsFuzzTest {
  @ArgumentsSource(Corpus.class)
  @FuzzTest(maxDuration = "30s")
  void parse(byte[] bytes) {
    new Checks()
        .text("text", Text.utf8(bytes), 100)
        .ifPresent(
            text -> {
              assertThat(text.codePointCount(0, text.length())).isBetween(1, 100);
              assertThat(text.chars().noneMatch(Character::isISOControl)).isTrue();
            });
  }
}
