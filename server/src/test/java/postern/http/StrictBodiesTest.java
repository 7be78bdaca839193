package postern.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import postern.main.TestClient.Reply;
import postern.main.TestServer;
import postern.main.TestServer.Account;

/** What a body is told that is not JSON, or has a member that its request does not know. */
class StrictBodiesTest {
  private static final Map<String, String> STRICT = Map.of("Postern-Strict", "true");
  private static final String JSON = "application/json";
  private static final String FORM = "application/x-www-form-urlencoded";

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

  private static Reply send(String type, String body, Map<String, String> headers) {
    return server.as(parent.productionKey()).send("POST", "/v2/users", type, body, headers);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "{\"user\":{\"nam\":\"a\"}}~user.nam",
        "{\"usr\":{\"name\":\"a\"}}~usr",
        "{\"name\":\"a\",\"mail\":\"b\"}~mail",
        "{\"user\":{\"name\":\"a\",\"api_keys\":[]}}~user.api_keys"
      })
  void aMemberThatIsNotKnownIsNamedToThoseWhoAsk(String body, String field) {
    Reply refused = send(JSON, body, STRICT);
    assertThat(refused.status()).isEqualTo(422);
    assertThat(refused.errorCode()).isEqualTo("PARAMETER.INVALID");
    assertThat(refused.text("error.errors.0.field")).isEqualTo(field);
    assertThat(send(JSON, body, Map.of()).status()).isEqualTo(201);
    assertThat(send(JSON, body, Map.of("Postern-Strict", "false")).status()).isEqualTo(201);
  }

  @Test
  void formDataIsReadTheSame() {
    assertThat(send(FORM, "user[nam]=a", STRICT).text("error.errors.0.field"))
        .isEqualTo("user.nam");
    assertThat(send(FORM, "user[name]=a", STRICT).status()).isEqualTo(201);
  }

  @Test
  void theOperatorMayAskForAll() {
    try (TestServer strict = TestServer.start(Map.of("http.strict-bodies", "true"))) {
      Account account = strict.account();
      Reply refused = strict.as(account.productionKey()).post("/v2/users", "{\"nam\":\"a\"}");
      assertThat(refused.text("error.errors.0.field")).isEqualTo("nam");
      assertThat(strict.as(account.productionKey()).post("/v2/users", "{}").status())
          .isEqualTo(201);
    }
  }

  /** Each operation that has a body, with the example of the description. */
  static List<Object[]> operations() {
    List<Object[]> all = new ArrayList<>();
    member(server.as(null).get("/openapi.json").json(), "paths")
        .forEach(
            (path, operations) ->
                ((Map<?, ?>) operations)
                    .forEach(
                        (method, operation) -> {
                          Map<?, ?> body = member(operation, "requestBody");
                          if (!body.isEmpty()) {
                            Object example = member(member(body, "content"), JSON).get("example");
                            String name = method.toString().toUpperCase(Locale.ROOT);
                            all.add(new Object[] {name + " " + path, example});
                          }
                        }));
    assertThat(all).hasSizeGreaterThan(20);
    return all;
  }

  private static Map<?, ?> member(@Nullable Object object, String name) {
    return object instanceof Map<?, ?> members && members.get(name) instanceof Map<?, ?> member
        ? member
        : Map.of();
  }

  @ParameterizedTest
  @MethodSource("operations")
  void everyOperationKnowsItsMembers(String route, @Nullable Object example) {
    byte[] description =
        server.as(null).get("/openapi.json").body().getBytes(StandardCharsets.UTF_8);
    StrictBodies bodies = StrictBodies.of(description, false);
    assertThat(bodies.unknown(route, Map.of("made_up", "a"))).hasSize(1);
    if (example instanceof Map<?, ?> known) {
      assertThat(bodies.unknown(route, known)).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "{|  \"user\": {|    \"name\" \"a\"|~line 3, column 12",
        "{\"a\":1,}~line 1, column 8",
        "{\"a\":1}|{}~line 2, column 1",
        "{\"a\":1,\"a\":2}~line 1, column",
        "nope~line 1, column"
      })
  void whatIsNotJsonIsToldWhere(String body, String where) {
    Reply refused = send(JSON, body.replace("|", "\n"), Map.of());
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.errorCode()).isEqualTo("BAD_REQUEST");
    assertThat(refused.text("error.errors.0.field")).isEqualTo("body");
    assertThat(refused.text("error.errors.0.message")).contains(where);
  }
}
