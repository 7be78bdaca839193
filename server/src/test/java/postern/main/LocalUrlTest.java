package postern.main;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LocalUrlTest {
  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, http://localhost:8080",
    "localhost, http://localhost:8080",
    "0.0.0.0, http://localhost:8080",
    "::, http://localhost:8080",
    "[::], http://localhost:8080",
    "127.0.0.2, http://127.0.0.2:8080",
    "::1, http://[::1]:8080",
    "[::1], http://[::1]:8080",
    "fe80::1%eth0, http://[fe80::1%25eth0]:8080",
    "192.0.2.7, http://192.0.2.7:8080"
  })
  void namesTheAddressThatIsListenedOn(String bind, String url) {
    assertThat(LocalUrl.of("http", bind, 8080)).isEqualTo(url);
  }
}
