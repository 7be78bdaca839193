package postern.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import postern.config.ConfigException;
import postern.main.TestServer;

/** Whose limits a request behind a proxy counts against. The server's time stands still. */
class ClientAddressTest {
  private static final int BURST = 3;

  private static TestServer server;

  @BeforeAll
  static void start() {
    server =
        TestServer.start(
            Map.of(
                "http.trusted-proxies",
                "127.0.0.1, 10.0.0.0/8, 2001:db8:ffff::/48",
                "limits.public",
                "1/m burst " + BURST));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  /** The status of a request with some header lines, between bars. */
  private static String statusOf(String headers) {
    String answer =
        RawHttp.exchangeWhole(
            server.httpPort(),
            "GET /docs HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                + headers.replace("|", "\r\n")
                + "\r\n\r\n");
    return answer.substring("HTTP/1.1 ".length(), "HTTP/1.1 ".length() + 3);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "X-Forwarded-For: 1.0.0.#|X-Forwarded-For: 198.51.100.1",
        "X-Forwarded-For: 1.0.0.#, 198.51.100.2",
        "X-Forwarded-For: 198.51.100.3:100#",
        "X-Forwarded-For: 198.51.100.4, 10.0.0.#",
        "X-Forwarded-For: 198.51.100.5, 2001:db8:ffff::#",
        "X-Forwarded-For: 2001:db8:5::#",
        "X-Forwarded-For: [2001:db8:6::#]:4711",
        "Forwarded: for=1.0.0.#, for=198.51.100.7",
        "Forwarded: for=1.0.0.#|forwarded: proto=https;For=\"198.51.100.8:100#\";by=10.0.0.1",
        "Forwarded: for=\"[2001:db8:9::#]:4711\"",
        "X-Forwarded-For: 198.51.100.10|Forwarded: for=198.51.100.10",
        "X-Forwarded-For: ::ffff:198.51.100.11, 10.0.0.#",
      })
  void areTheSameWhateverTheClientWritesBeforeItsAddress(String headers) {
    for (int i = 1; i <= BURST; i++) {
      assertThat(statusOf(headers.replace("#", Integer.toString(i)))).isEqualTo("200");
    }
    assertThat(statusOf(headers.replace("#", "9"))).as(headers).isEqualTo("429");
  }

  @Test
  void areTheProxysWhereNothingIsUnderstood() {
    String[] headers = {
      "X-Forwarded-For: 198.51.100.20, unknown",
      "X-Forwarded-For: fade.de",
      "X-Forwarded-For: 1.0.0.1|Forwarded: for=1.0.0.2",
      "Forwarded: for=_hidden",
      "Forwarded: for=198.51.100.21, proto=https"
    };
    for (int i = 0; i < BURST; i++) {
      statusOf(headers[i]);
    }
    for (String each : headers) {
      assertThat(statusOf(each)).as(each).isEqualTo("429");
    }
  }

  @Test
  void differForTwoNetworksOfIpV6() {
    for (int i = 0; i <= BURST; i++) {
      assertThat(statusOf("X-Forwarded-For: 2001:db8:7:" + i + "::1")).isEqualTo("200");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"fade.de", "172.16.0.0/33", "::1/129", "010.0.0.1", "1.2.3", "10.0.0.1/8"})
  void aProxyThatIsNoAddressStopsTheStart(String proxy) {
    assertThatThrownBy(() -> TestServer.start(Map.of("http.trusted-proxies", proxy)))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("http.trusted-proxies")
        .hasMessageContaining("\"" + proxy + "\" is neither");
  }
}
