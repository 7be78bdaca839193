package postern.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import postern.main.TestClient;
import postern.main.TestClient.Reply;
import postern.main.TestServer;

/**
 * Every recorded request of webhooks and events gets the recorded answer. The recordings are of
 * several years: members that EasyPost added since are there, and nothing else is.
 */
class RecordedWebhooksTest {
  /** The last one is missing where a recorder left out what is null. */
  private static final Set<String> ADDED_SINCE =
      Set.of("created_at", "custom_headers", "disabled_at");

  private static final String WEBHOOK = "{\"url\":\"http://127.0.0.1:9/\"}";

  private static TestServer server;

  @BeforeAll
  static void start() {
    server = TestServer.start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  static List<Recording> recordings() {
    return Recording.in("webhooks-and-events.json");
  }

  @ParameterizedTest
  @MethodSource("recordings")
  void isAnsweredAsRecorded(Recording recording) {
    TestClient client = server.asTls(server.account().testKey());
    String event = inject(client, "batch.created");
    inject(client, "batch.updated");
    Map<String, String> values =
        Map.of(
            "{event}",
            event,
            "{hook}",
            client.post("/v2/webhooks", WEBHOOK).text("id"),
            "{gone_hook}",
            "hook_0123456789abcdef0123456789abcdef");
    String query = recording.filled("query", values);
    Reply reply =
        client.send(
            recording.text("method"),
            recording.filled("path", values) + (query == null ? "" : "?" + query),
            recording.textIfAny("content_type"),
            recording.filled("body", values),
            Map.of());

    assertThat(reply.status()).as(reply.body()).isEqualTo(recording.status());
    if (recording.get("error") == null) {
      compare("body", recording.get("shape"), reply.json());
    } else {
      assertThat(reply.json()).isEqualTo(recording.get("error"));
    }
  }

  private static String inject(TestClient client, String description) {
    return client
        .post("/v2/events", "{\"event\":{\"description\":\"" + description + "\"}}")
        .text("id");
  }

  private static void compare(String where, @Nullable Object shape, @Nullable Object value) {
    switch (shape) {
      case Map<?, ?> members when where.endsWith("previous_attributes") ->
          assertThat(value).as(where).isInstanceOf(Map.class);
      case Map<?, ?> members -> {
        Map<?, ?> answered = (Map<?, ?>) Objects.requireNonNull(value, where);
        members.forEach((name, inner) -> compare(where + "." + name, inner, answered.get(name)));
        assertThat(answered.keySet())
            .as(where)
            .allMatch(name -> members.containsKey(name) || ADDED_SINCE.contains(name));
      }
      case List<?> elements -> {
        assertThat(value).as(where).isInstanceOf(List.class);
        if (!elements.isEmpty()) {
          ((List<?>) Objects.requireNonNull(value))
              .forEach(each -> compare(where + "[]", elements.getFirst(), each));
        }
      }
      case null, default -> Format.compare(where, String.valueOf(shape), value);
    }
  }
}
