package postern.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import postern.main.TestServer;
import postern.main.TestServer.Account;

/**
 * Where one request ends and the next begins: a connection outlives a request only if both sides
 * agree about that, whichever route answers and whatever it answers.
 */
class MessageBoundariesTest {
  private static final String SMUGGLED = "GET /v2/smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n";
  private static final Pattern FINAL_ANSWER = Pattern.compile("HTTP/1\\.1 [2-5]\\d\\d ");
  private static final String GET = "GET /v2/users HTTP/1.1\r\nHost: localhost\r\n";
  private static final String POST = "POST /v2/users HTTP/1.1\r\nHost: localhost\r\n";
  private static final String CHUNKED = "Transfer-Encoding: chunked\r\n";

  private static TestServer server;
  private static Account parent;

  @BeforeAll
  static void start() {
    server = TestServer.start(Map.of("limits.mode", "off"));
    parent = server.account();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  /** What follows the request line and the credentials, each with a request hidden in its body. */
  static List<String> hidden() {
    String length = "Content-Length: " + SMUGGLED.length() + "\r\n";
    return List.of(
        length + "Expect: 100-continue\r\n\r\n" + SMUGGLED,
        length + "expect: 100-Continue\r\n\r\n" + SMUGGLED,
        length + "Expect: x, 100-continue\r\n\r\n" + SMUGGLED,
        length + "\r\n" + SMUGGLED,
        CHUNKED + "\r\n1%08x\r\n" + SMUGGLED,
        CHUNKED + "\r\nzz\r\n" + SMUGGLED,
        CHUNKED + "\r\n2;\n" + SMUGGLED,
        CHUNKED + "\r\n2\r\n{}" + SMUGGLED,
        CHUNKED + length + "\r\n0\r\n\r\n" + SMUGGLED,
        length + "Content-Length: 0\r\n\r\n" + SMUGGLED,
        "Transfer-Encoding: identity, chunked\r\n\r\n0\r\n\r\n" + SMUGGLED,
        "Transfer-Encoding : chunked\r\n" + length + "\r\n" + SMUGGLED,
        "Transfer-Encoding:\r\n chunked\r\n" + length + "\r\n" + SMUGGLED,
        "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + SMUGGLED,
        "Content-Length: +" + SMUGGLED.length() + "\r\n\r\n" + SMUGGLED,
        "X: a\rContent-Length: 0\r\n" + length + "\r\n" + SMUGGLED,
        "X: a\nContent-Length: 0\r\n" + length + "\r\n" + SMUGGLED);
  }

  @ParameterizedTest
  @MethodSource("hidden")
  void nothingThatIsHiddenInABodyIsAnswered(String rest) {
    String credentials = "Authorization: Bearer " + parent.productionKey() + "\r\n";
    for (Route route : server.routes().all()) {
      String line =
          route.method()
              + " "
              + route.path().replaceAll("\\{[^}]*}", "user_0123456789abcdef0123456789abcdef")
              + " HTTP/1.1\r\nHost: localhost\r\n";
      for (String head : List.of(line, line + credentials)) {
        // The feed waits for events; a body does not make it answer sooner.
        if (!route.path().endsWith("/feed")) {
          assertAnsweredOnce(server.httpPort(), head + rest);
        }
      }
    }
    assertAnsweredOnce(server.httpPort(), "POST /none HTTP/1.1\r\nHost: localhost\r\n" + rest);
    assertAnsweredOnce(server.adminPort(), "GET /metrics HTTP/1.1\r\nHost: localhost\r\n" + rest);
    assertAnsweredOnce(server.adminPort(), "POST /none HTTP/1.1\r\nHost: localhost\r\n" + rest);
  }

  private static void assertAnsweredOnce(int port, String request) {
    String answers = RawHttp.exchangeWhole(port, request);
    assertThat(answersIn(answers)).as("%s\n---\n%s", request, answers).isEqualTo(1);
    assertThat(answers).doesNotContain("smuggled");
  }

  private static long answersIn(String text) {
    return FINAL_ANSWER.matcher(text).results().count();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\r\n2;a=b\r\n{}\r\n0\r\n\r\n",
        "\r\n2 ; a=\"b\"\r\n{}\r\n000\r\nX-Trailer: a\r\n\r\n",
        "\r\n1\r\n{\r\n1\r\n}\r\n0\r\n\r\n"
      })
  void aBodyThatWasReadIsFollowedByTheNextRequest(String body) {
    String credentials = "Authorization: Bearer " + parent.productionKey() + "\r\n";
    String both = POST + credentials + CHUNKED + body + GET + credentials + "\r\n";
    String answers = RawHttp.exchangeWhole(server.httpPort(), both);
    assertThat(answers).startsWith("HTTP/1.1 201 ").contains("HTTP/1.1 200 ");
    assertThat(answersIn(answers)).isEqualTo(2);
  }

  @Test
  void aRefusedBodyThatHasArrivedIsFollowedByTheNextRequest() {
    String refused = POST + "Content-Length: 2\r\n\r\n{}";
    String answers = RawHttp.exchangeWhole(server.httpPort(), refused + refused);
    assertThat(answersIn(answers)).isEqualTo(2);
  }

  @Test
  void emptyLinesBeforeARequestAreIgnored() {
    String answers =
        RawHttp.exchangeWhole(server.httpPort(), "\r\n" + GET + "\r\n\r\n" + GET + "\r\n");
    assertThat(answersIn(answers)).isEqualTo(2);
    assertThat(RawHttp.exchangeWhole(server.httpPort(), "\r\n".repeat(20) + GET + "\r\n"))
        .startsWith("HTTP/1.1 400 ");
  }

  @Test
  void aHeadIsReadTheSameHoweverItArrives() throws Exception {
    String answer = RawHttp.exchangeInPieces(server.httpPort(), "\r\n" + GET + "X-A: b\r\n\r\n");
    assertThat(answer).startsWith("HTTP/1.1 401 ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/docs", "/openapi.json", "/log-in", "/docs.css", "/v2/users"})
  void headIsAnsweredWithoutABody(String path) {
    String head = "HEAD " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
    String answers = RawHttp.exchangeWhole(server.httpPort(), head + head + GET + "\r\n");
    List<String> parts = new ArrayList<>(List.of(answers.split("(?=HTTP/1\\.1 \\d)")));
    assertThat(parts).hasSize(3);
    assertThat(parts.get(0)).endsWith("\r\n\r\n");
    assertThat(parts.get(1)).endsWith("\r\n\r\n");
    String get = RawHttp.exchangeWhole(server.httpPort(), head.replace("HEAD", "GET"));
    String status = path.startsWith("/v2") ? "404" : get.substring(9, 12);
    assertThat(parts.get(0)).startsWith("HTTP/1.1 " + status + " ");
  }

  @Test
  void headIsAnsweredOnTheOperatorsPort() {
    String answer =
        RawHttp.exchangeWhole(
            server.adminPort(), "HEAD /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n");
    assertThat(answer).startsWith("HTTP/1.1 200 ").endsWith("\r\n\r\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "Host: localhost\r\n", "Connection: keep-alive\r\nExpect: 100-continue\r\n"})
  void httpOneZeroIsServedAndItsConnectionClosed(String headers) {
    String get = "GET /v2/users HTTP/1.0\r\n" + headers;
    String credentials = "Authorization: Bearer " + parent.productionKey() + "\r\n\r\n";
    String answer = RawHttp.exchange(server.httpPort(), get + credentials);
    assertThat(answer).startsWith("HTTP/1.1 200 ").contains("Connection: close\r\n").endsWith("}");
    String post = "POST /v2/users HTTP/1.0\r\nContent-Length: 2\r\n" + headers;
    assertThat(RawHttp.exchange(server.httpPort(), post + credentials + "{}"))
        .startsWith("HTTP/1.1 201 ");
    assertThat(RawHttp.exchange(server.httpPort(), "GET /docs HTTP/1.0\r\n" + headers + "\r\n"))
        .startsWith("HTTP/1.1 200 ");
    assertThat(RawHttp.exchange(server.adminPort(), "GET /health/live HTTP/1.0\r\n\r\n"))
        .startsWith("HTTP/1.1 200 ");
  }

  @Test
  void httpOneZeroGetsALongAnswerWithoutChunks() {
    String old = RawHttp.exchange(server.httpPort(), "GET /openapi.json HTTP/1.0\r\n\r\n");
    assertThat(old.toLowerCase(java.util.Locale.ROOT)).doesNotContain("transfer-encoding");
    String body = old.substring(old.indexOf("\r\n\r\n") + 4);
    assertThat(body).isEqualTo(server.as(null).get("/openapi.json").body());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "?filter[name]=x",
        "?a=b|c",
        "?a={b}",
        "?a=\"b\"",
        "?a=^`\\b",
        "?a=<b>",
        "?a=\u00c3\u00bc",
        "?a=%5B%5D"
      })
  void aQueryIsReadAsBrowsersSendIt(String query) {
    String answer =
        RawHttp.exchangeWhole(
            server.httpPort(),
            ("GET /v2/users" + query + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ")
                + parent.productionKey()
                + "\r\n\r\n");
    assertThat(answer).startsWith("HTTP/1.1 200 ");
  }

  @Test
  void aHeadThatIsTooLongIsRefusedBeforeItHasArrived() {
    String head = GET + "X-Huge: " + "x".repeat(30_000);
    String answer = RawHttp.exchange(server.httpPort(), head);
    assertThat(answer).startsWith("HTTP/1.1 413 ").contains("HEADERS_TOO_LARGE");
    assertThat(new String(answer.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8))
        .contains("Connection: close");
  }
}
