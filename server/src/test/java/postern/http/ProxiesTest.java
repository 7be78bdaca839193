package postern.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import postern.main.TestServer;
import postern.main.TestServer.Account;

/** Behind a proxy, no request of one client is carried out with the key of another. */
@Tag("proxies")
class ProxiesTest {
  private static final int TURNS = 20;

  @TempDir private static Path dir;
  private static TestServer server;
  private static Proxies proxies;

  @BeforeAll
  static void start() throws Exception {
    server = TestServer.start(Map.of("limits.mode", "off", "http.trusted-proxies", "127.0.0.1"));
    proxies = new Proxies(dir, server.httpPort());
  }

  @AfterAll
  static void stop() {
    proxies.close();
    server.close();
  }

  static List<Proxies.Proxy> all() {
    return proxies.all();
  }

  @ParameterizedTest
  @MethodSource("all")
  void honestRequestsAreServed(Proxies.Proxy proxy) {
    Account parent = server.account();
    String credentials = credentials(parent);
    String body = "{\"user\":{\"name\":\"Behind a proxy\"}}";
    String created =
        RawHttp.exchange(
            proxy.port(),
            "POST /v2/users HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                + ("Content-Type: application/json\r\nContent-Length: " + body.length() + "\r\n")
                + (credentials + "\r\n" + body));
    assertThat(created).startsWith("HTTP/1.1 201 ").contains("Behind a proxy");
    for (String path : List.of("/v2/users", "/openapi.json", "/docs", "/log-in")) {
      String answer =
          RawHttp.exchange(
              proxy.port(),
              ("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n")
                  + (credentials + "\r\n"));
      assertThat(answer).as(path).startsWith("HTTP/1.1 200 ");
    }
    assertThat(
            RawHttp.exchange(
                proxy.port(),
                "HEAD /docs HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 200 ")
        .endsWith("\r\n\r\n");
  }

  @ParameterizedTest
  @MethodSource("all")
  void aHiddenRequestIsNeverCarriedOut(Proxies.Proxy proxy) {
    Account victim = server.account();
    String made = "{\"user\":{\"name\":\"smuggled\"}}";
    // What it hopes for: the next client's credentials complete it.
    String hidden =
        "POST /v2/users HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            + ("Content-Length: " + made.length() + "\r\n")
            + "X-Rest: ";
    List<String> framings =
        List.of(
            "Content-Length: " + hidden.length() + "\r\nExpect: 100-continue\r\n\r\n" + hidden,
            "Content-Length: " + hidden.length() + "\r\n\r\n" + hidden,
            "Transfer-Encoding: chunked\r\n\r\n1;a=b\r\n{\r\n0\r\n\r\n" + hidden,
            "Transfer-Encoding: chunked\r\n\r\nzz\r\n" + hidden);
    for (int i = 0; i < TURNS; i++) {
      String framing = framings.get(i % framings.size());
      for (String path : List.of("/v2/users", "/v2/none", "/log-out", "/v2/webhooks")) {
        RawHttp.exchangeWhole(
            proxy.port(), "POST " + path + " HTTP/1.1\r\nHost: localhost\r\n" + framing);
        String answer =
            RawHttp.exchange(
                proxy.port(),
                "GET /v2/users HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                    + (credentials(victim) + "\r\n"));
        assertThat(answer).as(framing).startsWith("HTTP/1.1 200 ").contains(victim.id());
      }
    }
    assertThat(server.rows("select name from users where name = 'smuggled'")).isEmpty();
  }

  private static String credentials(Account account) {
    return "Authorization: Bearer " + account.productionKey() + "\r\n";
  }
}
