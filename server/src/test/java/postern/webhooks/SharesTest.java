package postern.webhooks;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import postern.main.RouteTest;
import postern.main.TestClient;
import postern.main.TestClient.Reply;
import postern.main.TestServer;
import postern.main.TestServer.Account;
import postern.testing.FakeReceiver;
import postern.testing.RawReceiver;
import postern.testing.Waiting;

/** What one family's receivers leave to the others. */
class SharesTest extends RouteTest {
  private static final String EVENT = "{\"event\":{\"description\":\"batch.created\"}}";

  @Test
  void aFamilyWhoseReceiversHangLeavesRoomForOthers() throws Exception {
    Map<String, String> few =
        Map.of(
            "webhooks.at-once-max", "6",
            "webhooks.per-family-max", "4",
            "webhooks.per-endpoint-max", "2",
            "webhooks.timeout", "60s");
    CountDownLatch end = new CountDownLatch(1);
    try (RawReceiver hanging = RawReceiver.start((wire, n) -> await(end));
        FakeReceiver receiver = FakeReceiver.start();
        TestServer server = TestServer.start(few)) {
      TestClient greedy = server.as(server.account().testKey());
      for (int i = 0; i < 5; i++) {
        greedy.post("/v2/webhooks", "{\"url\":\"" + hanging.url("/" + i) + "\"}");
      }
      for (int i = 0; i < 3; i++) {
        greedy.post("/v2/events", EVENT);
      }
      Waiting.until("the family has its share", () -> hanging.requests() == 4);
      TestClient other = server.as(server.account().testKey());
      other.post("/v2/webhooks", "{\"url\":\"" + receiver.url("/") + "\"}");
      other.post("/v2/events", EVENT);
      receiver.await(1);
      assertThat(hanging.requests()).isEqualTo(4);
      end.countDown();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void aReceiverThatNeverStopsSendingIsAnsweredAndCutOff() throws Exception {
    try (RawReceiver endless =
        RawReceiver.start(
            (wire, n) -> {
              wire.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
              wire.sendForEver("400\r\n" + "a".repeat(1_024) + "\r\n");
            })) {
      TestClient client = server().as(server().account().testKey());
      client.post("/v2/webhooks", "{\"url\":\"" + endless.url("/") + "\"}");
      String id = client.post("/v2/events", EVENT).text("id");
      Waiting.until(
          "the answer counts",
          () -> client.get("/v2/events/" + id).text("status").equals("completed"));
      assertThat(client.get("/v2/events/" + id + "/payloads").text("payloads.0.response_body"))
          .hasSize(16_384);
    }
  }

  @Test
  void anEventIsSentAgainThreeTimesAMinute() {
    TestClient client = server().as(server().account().testKey());
    String event = client.post("/v2/events", EVENT).text("id");
    String other = client.post("/v2/events", EVENT).text("id");
    String again = "/v2/events/" + event + "/deliver";
    for (int i = 0; i < 3; i++) {
      assertThat(client.post(again, null).status()).isEqualTo(202);
    }
    server().time().advance(Duration.ofSeconds(20));
    Reply refused = client.post(again, null);
    assertRefused(refused, 429, "RATE_LIMITED");
    assertThat(refused.header("Retry-After")).isEqualTo("40");
    assertThat(client.post("/v2/events/" + other + "/deliver", null).status()).isEqualTo(202);
    server().time().advance(Duration.ofSeconds(40));
    assertThat(client.post(again, null).status()).isEqualTo(202);
  }

  @Test
  void aFamilySendsSixHundredAgainInAMinute() {
    Account parent = server().account();
    TestClient client = server().as(parent.testKey());
    for (int i = 0; i < 30; i++) {
      // Nothing listens there: what counts is that a delivery was asked for.
      client.post("/v2/webhooks", "{\"url\":\"http://127.0.0.1:9/" + i + "\"}");
    }
    List<String> events = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      events.add(client.post("/v2/events", EVENT).text("id"));
    }
    List<Integer> answers = new ArrayList<>();
    for (int i = 0; i < 24; i++) {
      answers.add(client.post("/v2/events/" + events.get(i % 8) + "/deliver", null).status());
    }
    assertThat(answers.subList(0, 20)).as("20 x 30 deliveries").containsOnly(202);
    assertThat(answers.subList(20, 24)).containsOnly(429);
    TestClient stranger = server().as(server().account().testKey());
    String theirs = stranger.post("/v2/events", EVENT).text("id");
    assertThat(stranger.post("/v2/events/" + theirs + "/deliver", null).status()).isEqualTo(202);
  }

  @Test
  void aWebhookIsReplayedThreeTimesAMinute() {
    TestClient client = server().as(server().account().testKey());
    String hook = client.post("/v2/webhooks", "{\"url\":\"http://127.0.0.1:9/\"}").text("id");
    String since = "{\"since\":\"2026-01-01\"}";
    for (int i = 0; i < 3; i++) {
      assertThat(client.post("/v2/webhooks/" + hook + "/replay", since).status()).isEqualTo(202);
    }
    assertRefused(client.post("/v2/webhooks/" + hook + "/replay", since), 429, "RATE_LIMITED");
  }
}
