package postern.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.easypost.exception.API.InvalidRequestError;
import com.easypost.exception.API.NotFoundError;
import com.easypost.exception.General.EndOfPaginationError;
import com.easypost.exception.General.SignatureVerificationError;
import com.easypost.model.Event;
import com.easypost.model.EventCollection;
import com.easypost.model.Payload;
import com.easypost.model.Webhook;
import com.easypost.service.EasyPostClient;
import com.easypost.utils.Utilities;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Webhooks and events by the official Java client, and what receivers' libraries say of them. */
final class OfficialWebhooksTest {
  private static final String SECRET = "s\u00e9cret";

  @SuppressWarnings("NullAway.Init")
  private static DevServer server;

  @SuppressWarnings("NullAway.Init")
  private static EasyPostClient client;

  @BeforeAll
  static void start() throws Exception {
    server = DevServer.start("webhooks");
    OfficialJavaClientTest.trust(server);
    client = new EasyPostClient(server.fact("test_key"), server.fact("https"));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static String inject() throws Exception {
    return server
        .as(server.fact("test_key"))
        .post(
            "/v2/events",
            "{\"event\":{\"description\":\"tracker.updated\",\"result\":{\"id\":\"trk_1\","
                + "\"weight\":614}}}")
        .text("id");
  }

  @Test
  void createRetrieveUpdateAndDelete() throws Exception {
    Webhook created =
        client.webhook.create(
            Map.of(
                "url",
                "https://example.com/hook",
                "webhook_secret",
                SECRET,
                "custom_headers",
                List.of(Map.of("name", "test", "value", "header"))));
    assertThat(created.getId()).startsWith("hook_");
    assertThat(created.getDisabledAt()).isNull();
    assertThat(created.getCustomHeaders().getFirst().getName()).isEqualTo("test");
    assertThat(client.webhook.retrieve(created.getId()).getUrl()).isEqualTo(created.getUrl());
    assertThat(client.webhook.all()).extracting(Webhook::getId).contains(created.getId());
    assertThat(client.webhook.update(created.getId()).getUrl()).isEqualTo(created.getUrl());
    assertThat(client.webhook.update(created.getId(), Map.of("webhook_secret", "other")).getId())
        .isEqualTo(created.getId());
    client.webhook.delete(created.getId());
    assertThatThrownBy(() -> client.webhook.retrieve(created.getId()))
        .isInstanceOf(NotFoundError.class);
    assertThatThrownBy(() -> client.webhook.create(Map.of("webhook_secret", "123")))
        .isInstanceOf(InvalidRequestError.class);
  }

  @Test
  void aRealDeliveryIsValidToItsLibraries() throws Exception {
    try (Receiver receiver = new Receiver(() -> 200)) {
      String hook =
          client.webhook.create(Map.of("url", receiver.url(), "webhook_secret", SECRET)).getId();
      String id = inject();
      Waiting.until("the delivery came", 20, () -> !receiver.taken().isEmpty());
      Receiver.Received got = receiver.taken().getFirst();
      assertEasyPostTakes(got);
      assertStandardWebhooksTakes(got, id);

      Waiting.until(
          "the attempt is kept", 20, () -> !client.event.retrieveAllPayloads(id).isEmpty());
      Payload payload = client.event.retrieveAllPayloads(id).getFirst();
      assertThat(payload.getResponseCode()).isEqualTo(200);
      assertThat(payload.getRequestUrl()).isEqualTo(receiver.url());
      assertThat(client.event.retrievePayload(id, payload.getId()).getRequestBody())
          .isEqualTo(new String(got.body(), StandardCharsets.UTF_8));
      Event event = client.event.retrieve(id);
      assertThat(event.getStatus()).isEqualTo("completed");
      assertThat(event.getCompletedUrls()).containsExactly(receiver.url());
      client.webhook.delete(hook);
    }
  }

  private static void assertEasyPostTakes(Receiver.Received got) throws Exception {
    Map<String, Object> headers = Map.of("X-Hmac-Signature", got.header("X-Hmac-Signature"));
    Event valid = Utilities.validateWebhook(got.body(), headers, SECRET);
    assertThat(valid.getDescription()).isEqualTo("tracker.updated");
    assertThat(valid.getResult()).containsEntry("id", "trk_1");
    assertThatThrownBy(() -> Utilities.validateWebhook(got.body(), headers, "other"))
        .isInstanceOf(SignatureVerificationError.class);
  }

  private static void assertStandardWebhooksTakes(Receiver.Received got, String id)
      throws Exception {
    byte[] key =
        Normalizer.normalize(SECRET, Normalizer.Form.NFKD).getBytes(StandardCharsets.UTF_8);
    var library = new com.standardwebhooks.Webhook(Base64.getEncoder().encodeToString(key));
    Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (String name : List.of("webhook-id", "webhook-timestamp", "webhook-signature")) {
      headers.put(name, List.of(got.header(name)));
    }
    String body = new String(got.body(), StandardCharsets.UTF_8);
    library.verify(body, headers);
    assertThat(got.header("webhook-id")).isEqualTo(id);
    assertThatThrownBy(() -> library.verify(body + " ", headers))
        .isInstanceOf(WebhookVerificationException.class);
  }

  @Test
  void eventsAreWalkedToTheEnd() throws Exception {
    List<String> made = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      made.add(inject());
    }
    List<String> walked = new ArrayList<>();
    EventCollection page = client.event.all(Map.of("page_size", 2));
    while (true) {
      page.getEvents().forEach(event -> walked.add(event.getId()));
      if (!page.getHasMore()) {
        break;
      }
      page = client.event.getNextPage(page, 2);
    }
    assertThat(walked).doesNotHaveDuplicates().containsSubsequence(made.reversed());
    EventCollection last = page;
    assertThatThrownBy(() -> client.event.getNextPage(last, 2))
        .isInstanceOf(EndOfPaginationError.class);
    assertThatThrownBy(() -> client.event.retrievePayload(made.getFirst(), "payload_1"))
        .isInstanceOf(NotFoundError.class);
  }

  @Test
  void listenPrintsEventsAndForwardsThemSigned() throws Exception {
    try (Receiver receiver = new Receiver(() -> 200);
        PosternProcess listen =
            PosternProcess.start(
                List.of(
                    "listen",
                    "--data-dir",
                    server.dataDir().toString(),
                    "--from",
                    "0",
                    "--forward-to",
                    receiver.url()),
                Map.of())) {
      String id = inject();
      Waiting.until(
          "the event came\n" + listen,
          30,
          () -> receiver.taken().stream().anyMatch(got -> got.header("webhook-id").equals(id)));
      Waiting.until("it is printed", 10, () -> listen.out().contains(id + "  -> 200"));
      Matcher secret = Pattern.compile("whsec_\\S+?(?=:)").matcher(listen.out());
      assertThat(secret.find()).isTrue();
      Receiver.Received got =
          receiver.taken().stream()
              .filter(each -> each.header("webhook-id").equals(id))
              .findFirst()
              .orElseThrow();
      Map<String, Object> headers = Map.of("X-Hmac-Signature", got.header("X-Hmac-Signature"));
      assertThat(Utilities.validateWebhook(got.body(), headers, secret.group()).getDescription())
          .isEqualTo("tracker.updated");
      Waiting.until(
          "the other mode's events are printed",
          10,
          () -> listen.out().contains("user.created") && listen.out().contains("api_key.created"));
    }
  }
}
