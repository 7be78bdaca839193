package postern.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import postern.json.Json;
import postern.main.TestClient.Reply;
import postern.main.TestServer;
import postern.main.TestServer.Account;

/** Every recorded request of users, children, brands and API keys gets the recorded answer. */
class RecordedAnswersTest {
  /** What a connection carries beside the answer proper. */
  private static final Set<String> OF_THE_CONNECTION =
      Set.of("date", "connection", "content-length", "transfer-encoding", ":status");

  private static TestServer server;

  @BeforeAll
  static void start() {
    server = TestServer.start(Map.of("limits.mode", "original"));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  static List<Recording> recordings() {
    return Recording.in("users-and-keys.json");
  }

  @ParameterizedTest
  @MethodSource("recordings")
  void isAnsweredAsRecorded(Recording recording) {
    Account parent = server.account();
    Reply made = server.asTls(parent.productionKey()).post("/v2/users", "{\"name\":\"Child\"}");
    server.asTls(parent.productionKey()).patch("/v2/users", "{\"phone\":\"5555555555\"}");
    String owner = recording.text("path").contains("{key}") ? made.text("id") : parent.id();
    Map<String, String> values =
        Map.of(
            "{parent}", parent.id(),
            "{child}", made.text("id"),
            "{unknown}", "user_0123456789abcdef0123456789abcdef",
            "{email}", parent.email(),
            "{key}", keyFor(recording, parent, made, owner));

    Reply reply =
        server
            .asTls(parent.productionKey())
            .send(
                recording.text("method"),
                filled(recording.text("path"), values) + query(recording, values),
                recording.textIfAny("content_type"),
                body(recording, values),
                Map.of());

    assertThat(reply.status()).as(reply.body()).isEqualTo(recording.status());
    compareHeaders(recording, reply);
    if (recording.get("error") != null) {
      assertThat(reply.json()).isEqualTo(Map.of("error", Map.copyOf(errorOf(recording))));
      assertThat(reply.body())
          .isEqualTo(
              new String(
                  Json.bytes(out -> writeError(out, errorOf(recording))), StandardCharsets.UTF_8));
    } else if (recording.get("shape") == null) {
      assertThat(reply.body()).isEmpty();
    } else {
      new Shape(recording.text("keys")).compare("body", recording.get("shape"), reply.json());
    }
  }

  /** A list that is paged behind its first key needs that of the parent; the rest the child's. */
  private static String keyFor(Recording recording, Account parent, Reply made, String owner) {
    return String.valueOf(recording.get("query")).contains("{key}")
        ? server
            .asTls(parent.productionKey())
            .get("/v2/users/" + owner + "/api_keys")
            .text("api_keys.0.id")
        : made.text("api_keys.1.id");
  }

  private static void compareHeaders(Recording recording, Reply reply) {
    Set<String> recorded =
        recording.headers().keySet().stream().map(String::valueOf).collect(Collectors.toSet());
    Set<String> answered =
        new TreeSet<>(
            reply.response().headers().map().keySet().stream()
                .map(name -> name.toLowerCase(Locale.ROOT))
                .filter(name -> !OF_THE_CONNECTION.contains(name))
                .toList());
    if (recording.text("headers").equals("exactly")) {
      assertThat(answered).isEqualTo(new TreeSet<>(recorded));
    } else {
      assertThat(answered).containsAll(recorded);
    }
    recording
        .headers()
        .forEach(
            (name, value) -> {
              if (value != null) {
                assertThat(reply.header(String.valueOf(name))).as("%s", name).isEqualTo(value);
              }
            });
  }

  private static Map<?, ?> errorOf(Recording recording) {
    Map<?, ?> body = (Map<?, ?>) java.util.Objects.requireNonNull(recording.get("error"));
    return (Map<?, ?>) java.util.Objects.requireNonNull(body.get("error"));
  }

  /** Recorded errors of these routes list no fields. */
  private static void writeError(postern.json.JsonOut out, Map<?, ?> error) {
    out.startObject().startObject("error").text("code", error.get("code"));
    out.text("message", error.get("message")).startArray("errors").endArray();
    out.endObject().endObject();
  }

  private static String query(Recording recording, Map<String, String> made) {
    String query = recording.textIfAny("query");
    return query == null ? "" : "?" + filled(query, made);
  }

  private static @Nullable String body(Recording recording, Map<String, String> made) {
    String body = recording.textIfAny("body");
    if (body == null) {
      return null;
    }
    return filled(body, made);
  }

  private static String filled(String text, Map<String, String> values) {
    String filled = text;
    for (Map.Entry<String, String> value : values.entrySet()) {
      filled = filled.replace(value.getKey(), value.getValue());
    }
    return filled;
  }
}
