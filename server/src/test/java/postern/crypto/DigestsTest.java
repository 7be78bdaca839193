package postern.crypto;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DigestsTest {

  /** The examples that FIPS 180 publishes for SHA-256. */
  @ParameterizedTest
  @CsvSource({
    "'', e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "abc, ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
  })
  void equalsThePublishedExamples(String text, String hex) {
    assertThat(Digests.sha256(text)).isEqualTo(HexFormat.of().parseHex(hex));
    assertThat(Digests.sha256(text.getBytes(UTF_8))).isEqualTo(HexFormat.of().parseHex(hex));
  }

  @Test
  void isTheSameFromManyThreads() {
    byte[] expected = Digests.sha256("key");
    assertThat(IntStream.range(0, 10_000).parallel().mapToObj(_ -> Digests.sha256("key")))
        .allSatisfy(digest -> assertThat(digest).isEqualTo(expected));
  }
}
