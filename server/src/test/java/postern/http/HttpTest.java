package postern.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import postern.main.TestClient.Reply;
import postern.main.TestServer;
import postern.main.TestServer.Account;

/** What HTTP itself asks of every route, good input and bad. */
class HttpTest {
  private static final String USERS = "/v2/users";
  private static final String JSON = "application/json";

  private static TestServer server;
  private static Account parent;

  @BeforeAll
  static void start() {
    server = TestServer.start();
    parent = server.account();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Nested
  class Answers {
    @Test
    void leaveWithHeadAndBodyInOneWriteAndTheirLength() {
      String answer =
          RawHttp.firstRead(
              server.httpPort(),
              "GET /v2/users HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                  + parent.productionKey()
                  + "\r\n\r\n");
      assertThat(answer).startsWith("HTTP/1.1 200 ").endsWith("}");
      String body = answer.substring(answer.indexOf("\r\n\r\n") + 4);
      assertThat(answer)
          .contains("Content-Length: " + body.getBytes(StandardCharsets.UTF_8).length + "\r\n");
    }

    @Test
    void arePackedOnlyWhenAskedFor() {
      Account large = server.account();
      for (int i = 0; i < 3; i++) {
        assertThat(as(large).post(USERS, "{}").status()).isEqualTo(201);
      }
      assertThat(encodingFor(large, "gzip, deflate")).isEqualTo("gzip");
      assertThat(encodingFor(large, "deflate, gzip;q=0.5")).isEqualTo("gzip");
      assertThat(encodingFor(large, "gzip;q=0")).isEmpty();
      assertThat(encodingFor(large, "deflate")).isEmpty();
    }

    @Test
    void areNotPackedWhenThatWouldSaveNothing() {
      assertThat(encodingFor(parent, "gzip")).isEmpty();
    }

    private static String encodingFor(Account account, String accepted) {
      return as(account)
          .send("GET", USERS, null, null, Map.of("Accept-Encoding", accepted))
          .header("Content-Encoding");
    }

    @Test
    void carryAnIdWithTheTimeInItAndTheSecondsTheyTook() {
      Reply reply = as(parent).get(USERS);
      String id = reply.header("X-Ep-Request-Uuid");
      assertThat(id).matches("[0-9a-f]{32}");
      assertThat(Long.parseLong(id.substring(8, 16), 16))
          .isEqualTo(server.time().instant().getEpochSecond());
      assertThat(reply.header("X-Runtime")).matches("\\d+\\.\\d{6}");
    }
  }

  @Nested
  class Connections {
    @Test
    void areClosedWhenTheClientSaysSo() {
      String answer =
          RawHttp.exchange(
              server.httpPort(),
              "GET /v2/asdf HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
      assertThat(answer).startsWith("HTTP/1.1 404 ").contains("Connection: close\r\n");
    }

    @Test
    void areClosedAfterAnAnswerThatIsSentLater() {
      String answer =
          RawHttp.exchange(
              server.httpPort(),
              "GET /openapi.json HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
      assertThat(answer)
          .startsWith("HTTP/1.1 200 ")
          .contains("Connection: close\r\n")
          .endsWith("}\n");
    }

    @Test
    void areKeptOtherwise() {
      String request = "GET /v2/asdf HTTP/1.1\r\nHost: localhost\r\n";
      String answers =
          RawHttp.exchange(
              server.httpPort(), request + "\r\n" + request + "Connection: close\r\n\r\n");
      assertThat(answers.split("HTTP/1.1 404 ", -1)).hasSize(3);
    }
  }

  @Nested
  class Credentials {
    @Test
    void areBasicOrBearerInAnyCase() {
      String key = parent.productionKey();
      assertThat(statusWith("Bearer " + key)).isEqualTo(200);
      assertThat(statusWith("bearer " + key)).isEqualTo(200);
      assertThat(statusWith("Basic " + encoded(key + ":"))).isEqualTo(200);
      assertThat(statusWith("BASIC " + encoded(key))).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {"Bearer ", "Basic ", "Basic !!", "Digest x", "Basic Og==", "Basic IDo="})
    void thatNameNothingAre401(String authorization) {
      Reply reply =
          server.as(null).send("GET", USERS, null, null, Map.of("Authorization", authorization));
      assertThat(reply.status()).isEqualTo(401);
      assertThat(reply.errorCode()).isEqualTo("UNAUTHORIZED");
      assertThat(reply.header("WWW-Authenticate")).startsWith("Basic ");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "not-a-real-key",
          "EZAK00000000000000000000000000000000AAAAAAAAAAAAAAAAAAAAAA",
          "EZAK"
        })
    void thatNameNoLiveKeyAre403(String key) {
      Reply reply = server.as(key).get(USERS);
      assertThat(reply.status()).isEqualTo(403);
      assertThat(reply.errorCode()).isEqualTo("APIKEY.INACTIVE");
    }

    private static int statusWith(String authorization) {
      return server
          .as(null)
          .send("GET", USERS, null, null, Map.of("Authorization", authorization))
          .status();
    }

    private static String encoded(String pair) {
      return Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }
  }

  @Nested
  class BadInput {
    @ParameterizedTest
    @ValueSource(
        strings = {
          "{",
          "{\"user\":{\"name\":\"a\"}}{}",
          "{\"name\":\"a\",\"name\":\"b\"}",
          "{\"name\":\"\\ud800\\",
          "[1,]",
          "nope"
        })
    void thatIsNoJsonIs400(String body) {
      assertRefused(as(parent).post(USERS, body), 400, "BAD_REQUEST");
    }

    @Test
    void thatIsDeepOrLongIs400() {
      assertRefused(as(parent).post(USERS, "[".repeat(65) + "]".repeat(65)), 400, "BAD_REQUEST");
      assertRefused(
          as(parent).post(USERS, "{\"name\":" + "9".repeat(400) + "}"), 400, "BAD_REQUEST");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\\u0000b", "\\ud800", "a\\u0007"})
    void thatCannotBeStoredIs422(String name) {
      Reply reply = as(parent).post(USERS, "{\"user\":{\"name\":\"" + name + "\"}}");
      assertRefused(reply, 422, "PARAMETER.INVALID");
      assertThat(reply.text("error.errors.0.field")).isEqualTo("user.name");
    }

    @Test
    void ofAnotherTypeIs415() {
      assertRefused(
          as(parent).send("POST", USERS, "application/xml", "<user/>", Map.of()),
          415,
          "UNSUPPORTED_MEDIA_TYPE");
    }

    @Test
    void thatIsCompressedIs400() {
      assertRefused(
          as(parent).send("POST", USERS, JSON, "{}", Map.of("Content-Encoding", "gzip")),
          400,
          "BAD_REQUEST");
    }

    @Test
    void thatIsTooLargeIs413() {
      String whole = "{\"name\":\"" + "x".repeat(2_000_000) + "\"}";
      Reply plain = as(parent).post(USERS, whole);
      assertRefused(plain, 413, "PAYLOAD_TOO_LARGE");
      assertThat(plain.header("Connection")).isEqualTo("close");
      assertRefused(
          server.asTls(parent.productionKey()).post(USERS, whole), 413, "PAYLOAD_TOO_LARGE");
    }

    @Test
    void thatIsTooLargeAndNotSentIs413AtOnce() {
      String expecting = post("Expect: 100-continue\r\nContent-Length: 2000000\r\n");
      assertEnvelope(RawHttp.exchange(server.httpPort(), expecting), 413, "PAYLOAD_TOO_LARGE");
      String enormous = post("Content-Length: 20000000000\r\n");
      assertEnvelope(RawHttp.exchange(server.httpPort(), enormous), 413, "PAYLOAD_TOO_LARGE");
    }

    @Test
    void thatIsTooLargeInChunksIs413() {
      String chunk = "10000\r\n" + "x".repeat(65_536) + "\r\n";
      String body = chunk.repeat(20) + "0\r\n\r\n";
      String request = post("Transfer-Encoding: chunked\r\n") + body;
      assertEnvelope(RawHttp.exchange(server.httpPort(), request), 413, "PAYLOAD_TOO_LARGE");
    }

    private static String post(String headers) {
      return "POST /v2/users HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
          + "Authorization: Bearer "
          + parent.productionKey()
          + "\r\n"
          + headers
          + "\r\n";
    }

    @Test
    void inTheHeadGetsTheEnvelopeToo() {
      String head = "GET / HTTP/1.1\r\nHost: localhost\r\nX-Huge: ";
      String huge = head + "x".repeat(20_000) + "\r\n\r\n";
      assertEnvelope(RawHttp.firstRead(server.httpPort(), huge), 413, "HEADERS_TOO_LARGE");
      assertEnvelope(RawHttp.exchange(server.httpPort(), "nonsense\r\n\r\n"), 400, "BAD_REQUEST");
      String longLine = "GET /" + "x".repeat(9_000) + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
      assertEnvelope(RawHttp.exchange(server.httpPort(), longLine), 414, "URI_TOO_LONG");
    }

    @Test
    void inTheHeadIsAProblemToThoseWhoseWishCouldBeRead() {
      String request = post("Accept: application/problem+json\r\nContent-Length: many\r\n");
      String answer = RawHttp.exchange(server.httpPort(), request);
      assertThat(answer)
          .startsWith("HTTP/1.1 400 ")
          .contains("Content-Type: application/problem+json\r\n")
          .contains("\"status\":400,\"code\":\"BAD_REQUEST\"");
    }

    @Test
    void overTlsGetsTheEnvelopeToo() {
      Reply reply =
          server
              .asTls(parent.productionKey())
              .send("GET", USERS, null, null, Map.of("X-Huge", "x".repeat(20_000)));
      assertRefused(reply, 413, "HEADERS_TOO_LARGE");
      assertThat(reply.header("Strict-Transport-Security")).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "/asdf",
          "/v2/users/%2e%2e/x",
          "/v2/%2fusers",
          "/v2/users/%00",
          "/v2/users/user_1;x=y",
          "/v2/users/%zz"
        })
    void inThePathIs404(String path) {
      String request =
          "GET "
              + path
              + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
              + parent.productionKey()
              + "\r\n\r\n";
      assertEnvelope(RawHttp.firstRead(server.httpPort(), request), 404, "NOT_FOUND");
    }

    @Test
    void isAnsweredAsAProblemToThoseWhoAsk() {
      Reply reply =
          as(parent).send("GET", "/v2/x", null, null, Map.of("Accept", "application/problem+json"));
      assertThat(reply.status()).isEqualTo(404);
      assertThat(reply.header("Content-Type")).isEqualTo("application/problem+json");
      assertThat(reply.text("status")).isEqualTo("404");
      assertThat(reply.text("code")).isEqualTo("NOT_FOUND");
    }
  }

  @Nested
  class TheOperatorsPort {
    @Test
    void tellsHealthAndMetricsAndTheOtherDoesNot() {
      as(parent).get(USERS);
      assertThat(server.asOperator().get("/health/live").status()).isEqualTo(200);
      assertThat(server.asOperator().get("/health/ready").status()).isEqualTo(200);
      assertThat(server.asOperator().get("/metrics").body())
          .contains("postern_http_requests_seconds_count{route=\"GET /v2/users\",status=\"200\"}")
          .contains("jvm_memory_used_bytes");
      assertThat(server.as(null).get("/metrics").status()).isEqualTo(404);
      assertThat(server.as(null).get("/health/ready").status()).isEqualTo(404);
    }
  }

  private static postern.main.TestClient as(Account account) {
    return server.as(account.productionKey());
  }

  private static void assertRefused(Reply reply, int status, String code) {
    assertThat(reply.status()).as(reply.body()).isEqualTo(status);
    assertThat(reply.errorCode()).isEqualTo(code);
  }

  private static void assertEnvelope(String answer, int status, String code) {
    assertThat(answer)
        .startsWith("HTTP/1.1 " + status + " ")
        .contains("{\"error\":{\"code\":\"" + code + "\",\"message\":\"")
        .doesNotContain("Exception")
        .doesNotContain("at io.");
  }
}
