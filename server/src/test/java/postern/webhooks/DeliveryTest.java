package postern.webhooks;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import postern.main.RouteTest;
import postern.main.TestClient;
import postern.main.TestClient.Reply;
import postern.main.TestServer;
import postern.main.TestServer.Account;
import postern.testing.FakeReceiver;
import postern.testing.FakeReceiver.Received;
import postern.testing.Waiting;

/** What arrives, when, and what happens when it does not. */
@Tag("storage")
class DeliveryTest extends RouteTest {
  private final FakeReceiver receiver = FakeReceiver.start();
  private final Account parent = server().account();

  @AfterEach
  void stopReceiver() {
    receiver.close();
  }

  private TestClient test() {
    return server().as(parent.testKey());
  }

  private String webhook(String members) {
    return test()
        .post("/v2/webhooks", "{\"url\":\"" + receiver.url("/hook?a=b") + "\"" + members + "}")
        .text("id");
  }

  private String inject() {
    return test()
        .post(
            "/v2/events",
            "{\"event\":{\"description\":\"tracker.updated\",\"result\":{\"id\":\"trk_1\"}}}")
        .text("id");
  }

  private Reply event(String id) {
    return test().get("/v2/events/" + id);
  }

  private void awaitStatus(String event, String status) throws Exception {
    Waiting.until("the event is " + status, () -> event(event).text("status").equals(status));
  }

  private List<?> payloads(String event) {
    return test().get("/v2/events/" + event + "/payloads").list("payloads");
  }

  @Nested
  class Arrives {
    @Test
    void wholeSignedAndWithTheSameIdAsTheEvent() throws Exception {
      webhook(
          ",\"webhook_secret\":\"hush\",\"custom_headers\":[{\"name\":\"X-Mine\",\"value\":\"1\"}]");
      String id = inject();
      Received got = receiver.await(1).getFirst();
      assertThat(got.path()).isEqualTo("/hook?a=b");
      assertThat(got.body()).startsWith("{\"description\":\"tracker.updated\",\"mode\":\"test\"");
      assertThat(got.body()).endsWith("\"object\":\"Event\",\"result\":{\"id\":\"trk_1\"}}");
      assertThat(got.header("Content-Type")).startsWith("application/json");
      assertThat(got.header("webhook-id")).isEqualTo(id);
      assertThat(got.header("X-Mine")).isEqualTo("1");
      assertThat(got.header("X-Webhook-User-Id")).isEqualTo(parent.id());
      assertThat(got.header("X-Path")).isEqualTo("/hook?a=b");
      Map<String, String> expected =
          Signatures.headers(
              List.of("hush"), id, server().time().instant(), "/hook?a=b", got.bytes());
      expected.forEach((name, value) -> assertThat(got.header(name)).as(name).isEqualTo(value));
      awaitStatus(id, "completed");
      assertThat(event(id).text("completed_urls")).isEqualTo("[" + receiver.url("/hook?a=b") + "]");
      assertThat(event(id).text("pending_urls")).isEqualTo("[]");
    }

    @Test
    void withBothSignaturesWhileASecretIsReplaced() throws Exception {
      String id = webhook(",\"webhook_secret\":\"whsec_b2xk\"");
      test().patch("/v2/webhooks/" + id, "{\"webhook_secret\":\"whsec_bmV3\"}");
      inject();
      assertThat(receiver.await(1).getFirst().header("webhook-signature").split(" ", -1))
          .hasSize(2);
      server().time().advance(Duration.ofHours(24));
      inject();
      assertThat(receiver.await(2).get(1).header("webhook-signature").split(" ", -1)).hasSize(1);
    }

    @Test
    void withCredentialsThatTheUrlHad() throws Exception {
      String url = receiver.url("/in").replace("http://", "http://me:se%20cret@");
      test().post("/v2/webhooks", "{\"url\":\"" + url + "\"}");
      String id = inject();
      assertThat(receiver.await(1).getFirst().header("Authorization"))
          .isEqualTo("Basic bWU6c2UgY3JldA==");
      awaitStatus(id, "completed");
      assertThat(payloads(id).toString()).doesNotContain("bWU6c2UgY3JldA");
    }

    @Test
    void onlyAtTheWebhooksOfItsUserAndMode() throws Exception {
      Account child = child(parent);
      String url = "{\"url\":\"" + receiver.url("/") + "%s\"%s}";
      test().post("/v2/webhooks", url.formatted("parent", ""));
      test().post("/v2/webhooks", url.formatted("family", ",\"include_children\":true"));
      as(parent).post("/v2/webhooks", url.formatted("production", ""));
      server().as(child.testKey()).post("/v2/webhooks", url.formatted("child", ""));
      server().as(server().account().testKey()).post("/v2/webhooks", url.formatted("stranger", ""));
      server()
          .as(child.testKey())
          .post("/v2/events", "{\"event\":{\"description\":\"batch.created\"}}");
      receiver.await(2);
      inject();
      receiver.await(4);
      assertThat(receiver.received())
          .extracting(Received::path)
          .containsExactlyInAnyOrder("/child", "/family", "/parent", "/family");
    }
  }

  @Nested
  class AfterAFailure {
    @Test
    void itComesAgainWithTheSameIdUntilItIsTaken() throws Exception {
      receiver.answering((request, n) -> FakeReceiver.Reply.of(n < 3 ? 500 : 204));
      webhook("");
      String id = inject();
      receiver.await(1);
      Waiting.until("the first attempt is noted", () -> payloads(id).size() == 1);
      assertThat(event(id).text("status")).isEqualTo("pending");
      server().time().advance(Duration.ofSeconds(6));
      Waiting.until("the second attempt is noted", () -> payloads(id).size() == 2);
      server().time().advance(Duration.ofSeconds(36));
      awaitStatus(id, "completed");
      assertThat(receiver.received()).extracting(got -> got.header("webhook-id")).containsOnly(id);
      assertThat(receiver.received())
          .extracting(Received::body)
          .containsOnly(receiver.received().getFirst().body());
      assertThat(each(test().get("/v2/events/" + id + "/payloads"), "payloads", "response_code"))
          .containsExactly("500", "500", "204");
    }

    @Test
    void aRedirectIsOne() throws Exception {
      receiver.answering(
          (request, n) ->
              new FakeReceiver.Reply(302, Map.of("Location", receiver.url("/else")), "", 0));
      webhook("");
      String id = inject();
      Waiting.until("the attempt is noted", () -> payloads(id).size() == 1);
      assertThat(receiver.received()).hasSize(1);
      assertThat(event(id).text("status")).isEqualTo("pending");
    }

    @Test
    void retryAfterIsHeeded() throws Exception {
      receiver.answering(
          (request, n) ->
              n == 1
                  ? new FakeReceiver.Reply(503, Map.of("Retry-After", "600"), "later", 0)
                  : FakeReceiver.Reply.of(200));
      webhook("");
      String id = inject();
      Waiting.until("the first attempt is noted", () -> payloads(id).size() == 1);
      server().time().advance(Duration.ofSeconds(599));
      // Another event goes through meanwhile, so the loop has looked.
      String other = inject();
      awaitStatus(other, "completed");
      assertThat(payloads(id)).hasSize(1);
      server().time().advance(Duration.ofSeconds(1));
      awaitStatus(id, "completed");
    }

    @Test
    void goneDisablesTheWebhookAndWhatItMissedIsReplayed() throws Exception {
      receiver.answering((request, n) -> FakeReceiver.Reply.of(n == 1 ? 410 : 200));
      String hook = webhook("");
      String since = server().time().instant().truncatedTo(ChronoUnit.MILLIS).toString();
      String first = inject();
      awaitStatus(first, "failed");
      assertThat(test().get("/v2/webhooks/" + hook).text("disabled_at")).isNotEqualTo("null");
      Waiting.until(
          "the disabling is an event",
          () ->
              each(test().get("/v2/events"), "events", "description").contains("webhook.disabled"));
      String second = inject();
      // Now, while the webhook is disabled: an event that gets its place later is sent anyway.
      server().numberEvents();
      assertRefused(
          test().post("/v2/webhooks/" + hook + "/replay", "{\"since\":\"" + since + "\"}"),
          422,
          "PARAMETER.INVALID");
      assertThat(test().patch("/v2/webhooks/" + hook, "{}").text("disabled_at")).isEqualTo("null");
      Reply replayed =
          test().post("/v2/webhooks/" + hook + "/replay", "{\"since\":\"" + since + "\"}");
      assertThat(replayed.status()).isEqualTo(202);
      assertThat(replayed.text("deliveries")).isEqualTo("3");
      awaitStatus(first, "completed");
      awaitStatus(second, "completed");
    }

    @Test
    void aDayOfThemDisablesTheWebhook() throws Exception {
      receiver.answering((request, n) -> FakeReceiver.Reply.of(500));
      String hook = webhook("");
      String id = inject();
      for (int attempt = 1; attempt <= 14; attempt++) {
        int noted = attempt;
        Waiting.until("attempt " + noted + " is noted", () -> payloads(id).size() >= noted);
        if (!event(id).text("status").equals("pending")) {
          break;
        }
        server().time().advance(Duration.ofHours(8));
      }
      awaitStatus(id, "failed");
      assertThat(test().get("/v2/webhooks/" + hook).text("disabled_at")).isNotEqualTo("null");
    }

    @Test
    void whatIsAskedForOnceMoreComesOnceMore() throws Exception {
      webhook("");
      String id = inject();
      awaitStatus(id, "completed");
      assertThat(test().post("/v2/events/" + id + "/deliver", null).text("deliveries"))
          .isEqualTo("1");
      receiver.await(2);
      assertThat(receiver.received()).extracting(got -> got.header("webhook-id")).containsOnly(id);
      assertRefused(
          as(server().account()).post("/v2/events/" + id + "/deliver", null), 404, "NOT_FOUND");
    }
  }

  @Test
  void anAttemptIsKeptAsAPayload() throws Exception {
    receiver.answering(
        (request, n) ->
            new FakeReceiver.Reply(200, Map.of("X-Seen", "yes"), "b".repeat(20_000), 0));
    webhook(",\"custom_headers\":[{\"name\":\"X-Token\",\"value\":\"very-secret\"}]");
    String id = inject();
    awaitStatus(id, "completed");
    Reply all = test().get("/v2/events/" + id + "/payloads");
    String payload = all.text("payloads.0.id");
    Reply one = test().get("/v2/events/" + id + "/payloads/" + payload);
    assertThat(members(one, ""))
        .containsExactly(
            "id",
            "object",
            "created_at",
            "updated_at",
            "request_url",
            "request_headers",
            "request_body",
            "response_code",
            "response_headers",
            "response_body",
            "total_time");
    assertThat(one.text("response_code")).isEqualTo("200");
    assertThat(one.text("response_headers.x-seen")).isEqualTo("yes");
    assertThat(one.text("response_body")).hasSize(16_384);
    assertThat(one.text("request_body")).isEqualTo(receiver.received().getFirst().body());
    assertThat(one.body()).doesNotContain("very-secret");
    assertRefused(
        test().get("/v2/events/" + id + "/payloads/payload_" + "1".repeat(32)),
        404,
        "PAYLOAD.NOT_FOUND");
    assertRefused(as(parent).get("/v2/events/" + id + "/payloads/" + payload), 404, "NOT_FOUND");
  }

  @Test
  void anAttemptIsPurgedWithItsEventAndNoSooner() throws Exception {
    webhook("");
    String id = inject();
    awaitStatus(id, "completed");
    server().time().advance(Duration.ofDays(29));
    server().purgeDeliveries();
    assertThat(payloads(id)).hasSize(1);
    server().time().advance(Duration.ofDays(2));
    assertThat(server().purgeDeliveries()).isPositive();
    assertThat(payloads(id)).isEmpty();
    assertThat(rows("deliveries", "root_id = ?", uuid(parent.id()))).isEmpty();
  }

  @Test
  void aReceiverThatHangsDelaysNoOther() throws Exception {
    try (FakeReceiver slow = FakeReceiver.start()) {
      slow.answering((request, n) -> new FakeReceiver.Reply(200, Map.of(), "", 3_000));
      test().post("/v2/webhooks", "{\"url\":\"" + slow.url("/slow") + "\"}");
      webhook("");
      for (int i = 0; i < 40; i++) {
        inject();
      }
      receiver.await(40);
      assertThat(slow.received().size()).as("requests under way to the slow one").isLessThan(40);
    }
  }

  @Test
  void twoServersShareTheWorkAndSendNothingTwice() throws Exception {
    receiver.answering((request, n) -> new FakeReceiver.Reply(200, Map.of(), "", 20));
    try (TestServer other = server().secondNode()) {
      webhook("");
      for (int i = 0; i < 60; i++) {
        TestServer of = i % 2 == 0 ? server() : other;
        String event = "{\"event\":{\"description\":\"batch.created\"}}";
        assertThat(of.as(parent.testKey()).post("/v2/events", event).status()).isEqualTo(201);
      }
      receiver.await(60);
      Set<String> ids = new HashSet<>();
      receiver.received().forEach(got -> ids.add(got.header("webhook-id")));
      assertThat(ids).hasSize(60);
      assertThat(receiver.received()).hasSize(60);
    }
  }

  @Test
  void noRequestLeavesForAPrivateAddress() throws Exception {
    try (TestServer strict = TestServer.start(Map.of("webhooks.allow-private-targets", "false"))) {
      Account account = strict.account();
      TestClient client = strict.as(account.testKey());
      for (String host : List.of("127.0.0.1", "localhost", "[::1]", "_.localhost")) {
        String url = receiver.url("/in").replace("127.0.0.1", host);
        client.post("/v2/webhooks", "{\"url\":\"" + url + "\"}");
      }
      String id =
          client.post("/v2/events", "{\"event\":{\"description\":\"batch.created\"}}").text("id");
      Waiting.until(
          "four attempts are noted",
          () -> client.get("/v2/events/" + id + "/payloads").list("payloads").size() == 4);
      assertThat(receiver.received()).isEmpty();
      assertThat(client.get("/v2/events/" + id + "/payloads").body()).contains("no public address");
    }
  }
}
