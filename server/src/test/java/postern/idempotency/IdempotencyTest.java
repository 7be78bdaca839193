package postern.idempotency;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import postern.main.TestClient;
import postern.main.TestClient.Reply;
import postern.main.TestServer;
import postern.main.TestServer.Account;
import postern.testing.FakeReceiver;

/** A request that is sent again with its {@code Idempotency-Key} is carried out once. */
@Tag("storage")
class IdempotencyTest {
  private static final String USERS = "/v2/users";
  private static final String CHILD = "{\"user\":{\"name\":\"Child\"}}";
  private static final String REPLAYED = "Idempotent-Replayed";

  private static TestServer server;
  private static FakeReceiver receiver;
  private static Account partner;
  private static TestClient client;
  private static int keys;

  @BeforeAll
  static void start() throws Exception {
    receiver = FakeReceiver.start();
    server = TestServer.start();
    partner = server.partner();
    client = server.as(partner.productionKey());
  }

  @AfterAll
  static void stop() {
    server.close();
    receiver.close();
  }

  @BeforeEach
  void goOn() {
    server.time().advance(Duration.ofMillis(5));
  }

  private static String newKey() {
    keys++;
    return "key-" + keys;
  }

  private static Reply post(TestClient as, String path, String body, String key) {
    return as.send("POST", path, "application/json", body, Map.of("Idempotency-Key", key));
  }

  private static long children() {
    return Long.parseLong(server.rows("select count(*) from users").getFirst());
  }

  @Nested
  class AKey {
    @Test
    void thatCameWithAnotherRequestIs422() {
      String key = newKey();
      post(client, USERS, CHILD, key);
      long before = children();
      Reply other = post(client, USERS, "{\"user\":{\"name\":\"Another\"}}", key);
      assertThat(other.status()).isEqualTo(422);
      assertThat(other.errorCode()).isEqualTo("IDEMPOTENCY_KEY.REUSED");
      assertThat(children()).isEqualTo(before);
    }

    /** With the same key, path and body a parent, its child and a sibling each get their own. */
    @Test
    void isOfOneUserOfAFamily() {
      String key = newKey();
      String webhook = "{\"url\":\"https://example.com/hook\"}";
      List<TestClient> users = new ArrayList<>(List.of(client));
      for (int i = 0; i < 2; i++) {
        users.add(server.as(client.post(USERS, CHILD).text("api_keys.1.key")));
      }
      List<String> made =
          users.stream().map(user -> post(user, "/v2/webhooks", webhook, key).text("id")).toList();
      assertThat(made).doesNotHaveDuplicates();
      for (int i = 0; i < users.size(); i++) {
        Reply again = post(users.get(i), "/v2/webhooks", webhook, key);
        assertThat(again.text("id")).isEqualTo(made.get(i));
        assertThat(again.header(REPLAYED)).isEqualTo("true");
      }
    }

    @Test
    void isTheSameInQuotesAndBare() {
      String key = newKey();
      String id = post(client, USERS, CHILD, key).text("id");
      assertThat(post(client, USERS, CHILD, "\"" + key + "\"").text("id")).isEqualTo(id);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"\"", "tab\there"})
    void thatIsNoneIs422(String key) {
      Reply reply = post(client, USERS, CHILD, key);
      assertThat(reply.status()).isEqualTo(422);
      assertThat(reply.text("error.errors.0.field")).isEqualTo("Idempotency-Key");
    }

    @Test
    void thatIsTooLongIs422() {
      assertThat(post(client, USERS, CHILD, "k".repeat(256)).status()).isEqualTo(422);
      assertThat(post(client, USERS, CHILD, "k".repeat(255)).status()).isEqualTo(201);
    }

    @Test
    void holdsForItsUserItsModeAndItsPathOnly() {
      String key = newKey();
      String mine = post(client, USERS, CHILD, key).text("id");
      Account other = server.account();
      assertThat(post(server.as(other.productionKey()), USERS, CHILD, key).text("id"))
          .isNotEqualTo(mine);
      String body = "{\"mode\":\"test\"}";
      String made = post(client, "/v2/api_keys", body, key).text("id");
      assertThat(post(client, USERS + "/" + mine + "/api_keys", body, key).text("id"))
          .isNotEqualTo(made);
      assertThat(post(server.as(partner.testKey()), "/v2/webhooks", hook(), key).header(REPLAYED))
          .isEmpty();
      assertThat(post(client, "/v2/webhooks", hook(), key).header(REPLAYED)).isEmpty();
    }

    private static String hook() {
      return "{\"webhook\":{\"url\":\"" + receiver.url("/hook") + "\"}}";
    }

    @Test
    void isForgottenAfterADay() {
      String key = newKey();
      String id = post(client, USERS, CHILD, key).text("id");
      server.time().advance(Duration.ofHours(24));
      assertThat(post(client, USERS, CHILD, key).text("id")).isEqualTo(id);
      server.time().advance(Duration.ofSeconds(1));
      String next = post(client, USERS, CHILD, key).text("id");
      assertThat(next).isNotEqualTo(id);
      assertThat(post(client, USERS, CHILD, key).text("id")).isEqualTo(next);
    }

    @Test
    void isNotLookedAtOnOtherMethods() {
      Map<String, String> header = Map.of("Idempotency-Key", newKey());
      for (String name : List.of("One", "Two")) {
        String body = "{\"user\":{\"name\":\"" + name + "\"}}";
        assertThat(client.send("PATCH", USERS, "application/json", body, header).text("name"))
            .isEqualTo(name);
      }
    }
  }

  @Nested
  class Concurrently {
    @Test
    void oneIsCarriedOutAndTheOthersGetItsAnswerOrAreToldToWait() throws Exception {
      for (int round = 0; round < 10; round++) {
        String key = newKey();
        long before = children();
        List<Reply> replies = new ArrayList<>();
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
          List<Callable<Reply>> same =
              java.util.Collections.nCopies(8, () -> post(client, USERS, CHILD, key));
          for (Future<Reply> reply : executor.invokeAll(same)) {
            replies.add(reply.get());
          }
        }
        assertThat(children()).isEqualTo(before + 1);
        assertThat(replies)
            .allSatisfy(
                reply -> {
                  assertThat(reply.status()).as(reply.body()).isIn(201, 409);
                  if (reply.status() == 409) {
                    assertThat(reply.errorCode()).isEqualTo("IDEMPOTENCY_KEY.IN_USE");
                    assertThat(reply.header("Retry-After")).isEqualTo("1");
                  }
                });
        assertThat(
                replies.stream().filter(reply -> reply.status() == 201).map(Reply::body).distinct())
            .hasSize(1);
      }
    }
  }

  @Nested
  class ARefusal {
    @Test
    void isAnAnswerToo() {
      Account poor = server.account();
      TestClient as = server.as(poor.productionKey());
      String key = newKey();
      String charge = "{\"charge\":{\"amount\":\"5.00\"}}";
      assertThat(post(as, "/v2/charges", charge, key).status()).isEqualTo(402);
      String card =
          as.post("/v2/credit_cards", "{\"credit_card\":{\"payment_method_id\":\"pm_card_visa\"}}")
              .text("id");
      as.post("/v2/credit_cards/" + card + "/charges", "{\"amount\":\"2000\"}");
      Reply again = post(as, "/v2/charges", charge, key);
      assertThat(again.status()).isEqualTo(402);
      assertThat(again.header(REPLAYED)).isEqualTo("true");
      assertThat(post(as, "/v2/charges", charge, newKey()).status()).isEqualTo(201);
    }
  }

  @Nested
  class AfterACrash {
    /** As a server leaves it that dies after what it did and before its answer. */
    private static void forgetAnswer() {
      server.rows(
          "with crashed as (update idempotency_keys set status = null, sealed_answer = null,"
              + " claimed_until = 'epoch' where created_at = (select max(created_at) from"
              + " idempotency_keys) returning 1) select count(*) from crashed");
    }

    @Test
    void nobodyElseBeginsUntilTheClaimHasRunOutAndThenItIsCarriedOut() {
      String key = newKey();
      String id = post(client, USERS, CHILD, key).text("id");
      forgetAnswer();
      server.rows(
          "with claimed as (update idempotency_keys set claimed_until = ?::timestamptz"
              + " where status is null returning 1) select count(*) from claimed",
          server.time().instant().plusSeconds(10).toString());
      assertThat(post(client, USERS, CHILD, key).errorCode()).isEqualTo("IDEMPOTENCY_KEY.IN_USE");
      server.time().advance(Duration.ofSeconds(11));
      Reply again = post(client, USERS, CHILD, key);
      assertThat(again.status()).isEqualTo(201);
      assertThat(again.text("id")).as("what it did was never committed").isNotEqualTo(id);
    }

    @Test
    void aPaymentThatWasBegunIsNotBegunAgain() {
      String card =
          client
              .post(
                  "/v2/credit_cards", "{\"credit_card\":{\"payment_method_id\":\"pm_card_visa\"}}")
              .text("id");
      server.time().advance(Duration.ofMillis(5));
      String path = "/v2/credit_cards/" + card + "/charges";
      String key = newKey();
      Reply first = post(client, path, "{\"amount\":\"900\"}", key);
      List<String> payments = server.rows("select id::text from payments order by id");
      forgetAnswer();
      Reply again = post(client, path, "{\"amount\":\"900\"}", key);
      assertThat(again.status()).isEqualTo(first.status());
      assertThat(again.header(REPLAYED)).isEmpty();
      assertThat(server.rows("select id::text from payments order by id")).isEqualTo(payments);
    }

    @Test
    void whoComesBackTooLateHasDoneNothing() throws Exception {
      String key = newKey();
      // The request waits for the lock of its wallet, while somebody takes its claim.
      try (var connection = server.lockWallet(partner.id());
          var executor = Executors.newVirtualThreadPerTaskExecutor()) {
        Future<Reply> late =
            executor.submit(
                () -> post(client, "/v2/charges", "{\"charge\":{\"amount\":\"0.01\"}}", key));
        postern.testing.Waiting.until(
            "the claim",
            () ->
                server
                    .rows(
                        "with taken as (update idempotency_keys set claim = gen_random_uuid()"
                            + " where status is null and claimed_until > ?::timestamptz"
                            + " returning 1) select count(*) from taken",
                        server.time().instant().toString())
                    .equals(List.of("1")));
        long entries = entries();
        connection.rollback();
        assertThat(late.get().status()).isEqualTo(409);
        assertThat(entries()).isEqualTo(entries);
      }
    }

    private static long entries() {
      return Long.parseLong(server.rows("select count(*) from ledger_entries").getFirst());
    }
  }

  @Test
  void whatIsRememberedShowsNoSecret() {
    String key = newKey();
    String secret = post(client, "/v2/api_keys", "{\"mode\":\"test\"}", key).text("key");
    assertThat(server.rows("select encode(sealed_answer, 'escape') from idempotency_keys"))
        .isNotEmpty()
        .allSatisfy(row -> assertThat(row).doesNotContain(secret).doesNotContain("EZTK"));
  }
}
