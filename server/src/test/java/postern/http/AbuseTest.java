package postern.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import postern.main.TestServer;
import postern.main.TestServer.Account;
import postern.testing.Waiting;

/** What no client would send: each gets a defined answer, and nothing is left behind. */
class AbuseTest {
  private static final int IDLE = 1_000;
  private static final String POOL_SIZE = "4";
  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

  private static TestServer server;
  private static Account parent;

  /**
   * A request as bytes.
   *
   * @param status what is answered first
   */
  record Sent(String name, String bytes, int status) {
    @Override
    public String toString() {
      return name;
    }
  }

  @BeforeAll
  static void start() {
    server = TestServer.start(Map.of("http.read-timeout", "1s", "storage.pool-size", POOL_SIZE));
    parent = server.account();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static String head(String line, String... headers) {
    return line
        + "\r\nHost: localhost\r\nAuthorization: Bearer "
        + parent.productionKey()
        + "\r\nContent-Type: application/json\r\n"
        + String.join("", Stream.of(headers).map(header -> header + "\r\n").toList())
        + "Connection: close\r\n\r\n";
  }

  private static String post(String body, String... headers) {
    return head("POST /v2/users HTTP/1.1", headers) + body;
  }

  private static String json(String body) {
    int length = body.getBytes(StandardCharsets.ISO_8859_1).length;
    return post(body, "Content-Length: " + length);
  }

  static List<Sent> requests() {
    List<Sent> all = new ArrayList<>();
    all.addAll(bodies());
    all.addAll(framing());
    all.addAll(heads());
    return all;
  }

  private static List<Sent> bodies() {
    String digits = "9".repeat(400);
    return List.of(
        new Sent("deep JSON", json("[".repeat(100_000)), 400),
        new Sent("deep JSON in a member", json("{\"user\":" + "[".repeat(500) + "]}"), 400),
        new Sent("many numbers", json("{\"user\":[" + "1,".repeat(100_000) + "1]}"), 400),
        new Sent("many arrays", json("{\"user\":[" + "[],".repeat(50_000) + "[]]}"), 400),
        new Sent("a member twice", json("{\"user\":{\"name\":\"a\",\"name\":\"b\"}}"), 400),
        new Sent("invalid UTF-8", json("{\"user\":{\"name\":\"\u00c3(\"}}"), 400),
        new Sent("an overlong NUL", json("{\"user\":{\"name\":\"\u00c0\u0080\"}}"), 400),
        new Sent("a NUL", json("{\"user\":{\"name\":\"a\\u0000b\"}}"), 422),
        new Sent("a lone surrogate", json("{\"user\":{\"name\":\"\\udc00\"}}"), 422),
        new Sent("400 digits", json("{\"user\":{\"name\":" + digits + "}}"), 400),
        new Sent("a large exponent", json("{\"user\":{\"name\":1e999999999}}"), 400),
        new Sent("an exponent that is no int", json("{\"user\":{\"name\":1e99999999999}}"), 400),
        new Sent("an exponent", json("{\"user\":{\"name\":1e99}}"), 422),
        new Sent("NaN", json("{\"user\":{\"name\":NaN}}"), 400),
        new Sent("a comment", json("{/* */\"user\":{}}"), 400),
        new Sent("a byte order mark", json("\u00ef\u00bb\u00bf{}"), 201),
        new Sent("an array for the body", json("[]"), 201),
        new Sent(
            "a bomb", post("x".repeat(20), "Content-Encoding: gzip", "Content-Length: 20"), 400),
        new Sent("brackets without end", form("user" + "[a]".repeat(500) + "=1"), 400),
        new Sent("a thousand pairs and more", form("a=1&".repeat(2_000)), 400),
        new Sent("a broken escape", form("user[name]=%zz"), 400),
        new Sent("an escaped NUL", form("user[name]=a%00b"), 422));
  }

  private static String form(String body) {
    return post(body, "Content-Length: " + body.length())
        .replace("application/json", "application/x-www-form-urlencoded");
  }

  private static List<Sent> framing() {
    String chunked = "Transfer-Encoding: chunked";
    return List.of(
        new Sent("two framings", post("0\r\n\r\n", chunked, "Content-Length: 5"), 400),
        new Sent("two framings, turned", post("0\r\n\r\n", "Content-Length: 5", chunked), 400),
        new Sent("two lengths", post("{}", "Content-Length: 2", "Content-Length: 3"), 400),
        new Sent("a negative length", post("{}", "Content-Length: -2"), 400),
        new Sent("a length with a sign", post("{}", "Content-Length: +2"), 400),
        new Sent("a length in hex", post("{}", "Content-Length: 0x2"), 400),
        new Sent("a huge length", post("{}", "Content-Length: 99999999999999999999"), 400),
        new Sent("an unknown coding", post("{}", "Transfer-Encoding: gzip"), 400),
        new Sent("chunked twice", post("0\r\n\r\n", "Transfer-Encoding: chunked, chunked"), 400),
        new Sent("a chunk size that is none", post("zz\r\n{}\r\n0\r\n\r\n", chunked), 400),
        new Sent("a huge chunk size", post("ffffffffffffffff\r\n{}\r\n", chunked), 400),
        new Sent("a body without end", post("10000\r\n" + "x".repeat(65_536) + "\r\n", chunked), 0),
        new Sent("a body that stops", post("{\"user\"", "Content-Length: 100"), 0));
  }

  private static List<Sent> heads() {
    String get = "GET /v2/users HTTP/1.1";
    return List.of(
        new Sent("no host", "GET /v2/users HTTP/1.1\r\nConnection: close\r\n\r\n", 400),
        new Sent("two hosts", head(get, "Host: other"), 400),
        new Sent("a folded header", head(get, "X-A: b\r\n c"), 400),
        new Sent("a space before the colon", head(get, "X-A : b"), 400),
        new Sent("a NUL in a header", head(get, "X-A: b\u0000c"), 400),
        new Sent("a header without a name", head(get, ": b"), 400),
        new Sent(
            "another method by header",
            json("{}").replace("Host:", "X-HTTP-Method-Override: DELETE\r\nHost:"),
            201),
        new Sent("TRACE", head("TRACE /v2/users HTTP/1.1"), 404),
        new Sent("CONNECT", head("CONNECT localhost:80 HTTP/1.1"), 404),
        new Sent("a method that is none", head("G@T /v2/users HTTP/1.1"), 400),
        new Sent("HTTP 9", head("GET /v2/users HTTP/9.9"), 400),
        new Sent("HTTP/0.9", "GET /v2/users\r\n\r\n", 400),
        new Sent("HTTP/2 at once", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400),
        new Sent("TLS on the plain port", "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001", 0),
        new Sent("an absolute target", head("GET http://localhost/v2/users HTTP/1.1"), 200),
        new Sent("dots", head("GET /v2/users/../users HTTP/1.1"), 404),
        new Sent("encoded dots", head("GET /v2/%2e%2e/v2/users HTTP/1.1"), 404),
        new Sent("an encoded slash", head("GET /v2%2fusers HTTP/1.1"), 404),
        new Sent("an encoded NUL", head("GET /v2/users/%00 HTTP/1.1"), 404),
        new Sent("a backslash", head("GET /v2\\users HTTP/1.1"), 404),
        new Sent("a path parameter", head("GET /v2/users;a=b HTTP/1.1"), 404),
        new Sent(
            "a query that is none", head("GET /v2/users/children?page_size=%zz HTTP/1.1"), 400),
        new Sent("many headers", head(get, "X-A: b\r\n".repeat(5_000) + "X-B: c"), 413));
  }

  @ParameterizedTest
  @MethodSource("requests")
  void getsADefinedAnswer(Sent sent) {
    String answer = RawHttp.exchangeOrNothing(server.httpPort(), sent.bytes());
    if (sent.status() == 0) {
      assertThat(answer).as("nothing, or why not").matches("(?s)|HTTP/1.1 4\\d\\d .*");
    } else {
      assertThat(answer).startsWith("HTTP/1.1 " + sent.status() + " ");
    }
    if (!answer.isEmpty() && sent.status() >= 400) {
      assertThat(answer)
          .contains("{\"error\":{\"code\":\"")
          .doesNotContain("Exception")
          .doesNotContain("java.");
    }
    assertThat(server.as(parent.productionKey()).get("/v2/users").status()).isEqualTo(200);
  }

  @Test
  void aHundredRequestsAtOnceAreAnsweredInTheirOrder() {
    StringBuilder all = new StringBuilder();
    for (int i = 0; i < 100; i++) {
      String path = i % 2 == 0 ? "/v2/users" : "/v2/nothing";
      all.append("GET ").append(path).append(" HTTP/1.1\r\nHost: localhost\r\n");
      all.append("Authorization: Bearer ").append(parent.productionKey()).append("\r\n");
      all.append(i == 99 ? "Connection: close\r\n\r\n" : "\r\n");
    }
    String answers = RawHttp.exchange(server.httpPort(), all.toString());
    List<String> statuses =
        java.util.regex.Pattern.compile("HTTP/1\\.1 (\\d+) ")
            .matcher(answers)
            .results()
            .map(found -> found.group(1))
            .toList();
    assertThat(statuses).hasSize(100);
    for (int i = 0; i < 100; i++) {
      assertThat(statuses.get(i)).isEqualTo(i % 2 == 0 ? "200" : "404");
    }
  }

  @Test
  void whoeverDoesNotTakeItsAnswersIsCutOff() throws Exception {
    String request = "GET /openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n";
    int size = RawHttp.exchange(server.httpPort(), closing(request)).length();
    int count = 64 * 1_024 * 1_024 / size;
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.httpPort())) {
      socket.getOutputStream().write(request.repeat(count).getBytes(StandardCharsets.US_ASCII));
      // Nothing is read; the server's end is closed once sending is refused.
      Waiting.until("it is cut off", () -> isCutOff(socket));
    }
  }

  private static boolean isCutOff(Socket socket) {
    try {
      socket.getOutputStream().write(' ');
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  private static String closing(String request) {
    return request.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n");
  }

  private static long descriptors() throws IOException {
    try (Stream<Path> open = Files.list(DESCRIPTORS)) {
      return open.count();
    }
  }

  private static String connectionsToPostgres() {
    return server
        .rows(
            "select count(*) from pg_stat_activity"
                + " where datname = current_database() and application_name = 'postern'")
        .getFirst();
  }

  @Test
  void silentAndSlowConnectionsAreClosedAndNothingIsLeft() throws Exception {
    // Connections to the database are made in the background, with some descriptors each.
    Waiting.until("the pool is full", () -> connectionsToPostgres().equals(POOL_SIZE));
    long before = descriptors();
    List<Socket> sockets = new ArrayList<>();
    try {
      for (int i = 0; i < IDLE; i++) {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.httpPort());
        sockets.add(socket);
        OutputStream out = socket.getOutputStream();
        // A third says nothing, a third half a head, a third half a body.
        if (i % 3 == 1) {
          out.write("GET /v2/users HTTP/1.1\r\nHos".getBytes(StandardCharsets.US_ASCII));
        } else if (i % 3 == 2) {
          out.write(post("{", "Content-Length: 100").getBytes(StandardCharsets.US_ASCII));
        }
      }
      assertThat(server.as(parent.productionKey()).get("/v2/users").status()).isEqualTo(200);
      for (Socket socket : sockets) {
        socket.setSoTimeout(20_000);
        try {
          socket.getInputStream().readAllBytes();
        } catch (java.net.SocketException e) {
          // A reset closes it too.
          assertThat(e).hasMessageContaining("reset");
        }
      }
    } finally {
      for (Socket socket : sockets) {
        socket.close();
      }
    }
    // A few of the test's own client come and go.
    Waiting.until("all descriptors are closed", () -> descriptors() < before + 20);
  }
}
