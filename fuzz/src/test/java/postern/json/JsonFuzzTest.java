package postern.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.provider.ArgumentsSource;
import postern.fuzz.Corpus;

class JsonFuzzTest {
  @ArgumentsSource(Corpus.class)
  @FuzzTest(maxDuration = "30s")
  void parse(byte[] bytes) throws JsonException {
    Object value;
    try {
      value = Json.parse(bytes);
    } catch (JsonException refused) {
      return;
    }
    assertThat(again(value)).isEqualTo(value);
  }

  private static @Nullable Object again(@Nullable Object value) throws JsonException {
    return Json.parse(Json.bytes(out -> out.value(value)));
  }
}
