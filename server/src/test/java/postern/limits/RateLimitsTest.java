package postern.limits;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import postern.core.Rate;
import postern.core.UserId;
import postern.main.TestClient;
import postern.main.TestClient.Reply;
import postern.main.TestServer;
import postern.main.TestServer.Account;
import postern.testing.Waiting;

/** Limits on a real server; its time stands still, so that nothing comes back by itself. */
class RateLimitsTest {
  private static final String CHILDREN = "/v2/users/children";
  private static final String POLICIES = "RateLimit-Policy";
  private static final String STATE = "RateLimit";
  private static final String UNKNOWN_KEY = "EZAK" + "0".repeat(32) + "A".repeat(22);

  private static TestServer server;

  @BeforeAll
  static void start() {
    server =
        TestServer.start(
            Map.of(
                "limits.index", "5/s burst 50",
                "limits.reads", "2/s burst 20",
                "limits.writes", "1/s burst 10",
                "limits.secrets", "1/s burst 3",
                "limits.key", "100/s burst 100",
                "limits.family", "100/s burst 120",
                "limits.public", "10/s burst 30",
                "limits.log-in", "6/m burst 4",
                "limits.sign-up", "6/m burst 3",
                "limits.failed-authentication", "1/s burst 5"));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static TestClient as(Account account) {
    return server.as(account.productionKey());
  }

  /** Requests until one is refused; that one. */
  private static Reply until429(int granted, Callable<Reply> ask) throws Exception {
    for (int i = 0; i < granted; i++) {
      assertThat(ask.call().status()).as("request %d", i + 1).isNotEqualTo(429);
    }
    Reply refused = ask.call();
    assertThat(refused.status()).as(refused.body()).isEqualTo(429);
    return refused;
  }

  @Nested
  class TheHeaders {
    @Test
    void nameEveryLimitOfARequestAndWhatIsLeftOfTheNearest() {
      Reply reply = as(server.account()).get(CHILDREN);
      assertThat(reply.header(POLICIES))
          .isEqualTo("\"key\";q=100;w=1, \"family\";q=120;w=2, \"index\";q=50;w=10");
      assertThat(reply.header(STATE)).isEqualTo("\"index\";r=49;t=1");
    }

    @Test
    void standOnAnswersOfEveryKind() {
      Account account = server.account();
      assertThat(as(account).get("/v2/users/nobody").header(STATE)).startsWith("\"reads\";r=");
      assertThat(as(account).post("/v2/users", "{").header(STATE)).startsWith("\"writes\";r=");
      assertThat(as(account).get("/v2/asdf").header(STATE)).startsWith("\"public\";r=");
      assertThat(server.as(null).get("/openapi.json").header(STATE)).startsWith("\"public\";r=");
      assertThat(server.as(UNKNOWN_KEY).get("/v2/users").header(STATE))
          .startsWith("\"failed-authentication\";r=");
      server.time().advance(Duration.ofMinutes(1));
    }

    @Test
    void areLeftOutInTheOriginalsMode() {
      try (TestServer original =
          TestServer.start(Map.of("limits.mode", "original", "limits.index", "1/s"))) {
        TestClient client = original.as(original.account().productionKey());
        assertThat(client.get(CHILDREN).header(STATE)).isEmpty();
        Reply refused = client.get(CHILDREN);
        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.header(POLICIES)).isEmpty();
        assertThat(refused.header("Retry-After")).isEqualTo("1");
      }
    }
  }

  @Nested
  class ARefusal {
    @Test
    void carriesTheEnvelopeThePolicyAndWhenToComeAgain() throws Exception {
      Account account = server.account();
      Reply refused = until429(50, () -> as(account).get(CHILDREN));
      assertThat(refused.errorCode()).isEqualTo("RATE_LIMITED");
      assertThat(refused.list("error.errors")).isEmpty();
      assertThat(refused.header(STATE)).isEqualTo("\"index\";r=0;t=1");
      assertThat(refused.header("Retry-After")).isEqualTo("1");
    }

    @Test
    void isAProblemToThoseWhoAsk() throws Exception {
      Account account = server.account();
      until429(50, () -> as(account).get(CHILDREN));
      Reply problem =
          as(account)
              .send("GET", CHILDREN, null, null, Map.of("Accept", "application/problem+json"));
      assertThat(problem.status()).isEqualTo(429);
      assertThat(problem.text("type"))
          .isEqualTo("https://iana.org/assignments/http-problem-types#quota-exceeded");
      assertThat(problem.list("violated-policies")).isEqualTo(List.of("index"));
    }

    @Test
    void isOverWhenItSaysSo() throws Exception {
      Account account = server.account();
      Reply refused = until429(3, () -> as(account).get("/v2/api_keys"));
      long seconds = Long.parseLong(refused.header("Retry-After"));
      server.time().advance(Duration.ofSeconds(seconds).minusMillis(1));
      assertThat(as(account).get("/v2/api_keys").status()).isEqualTo(429);
      server.time().advance(Duration.ofMillis(1));
      assertThat(as(account).get("/v2/api_keys").status()).isEqualTo(200);
      assertThat(as(account).get("/v2/api_keys").status()).isEqualTo(429);
    }

    @Test
    void takesNothingOfTheOtherLimits() throws Exception {
      Account account = server.account();
      until429(50, () -> as(account).get(CHILDREN));
      for (int i = 0; i < 200; i++) {
        assertThat(as(account).get(CHILDREN).status()).isEqualTo(429);
      }
      // The key had 100 and the family 120, of which 50 are gone: none of the refused counted.
      assertThat(as(account).get("/v2/users").status()).isEqualTo(200);
    }
  }

  @Nested
  class EachLimit {
    @Test
    void isCountedForWhomItIs() throws Exception {
      Account parent = server.account();
      Reply created = as(parent).post("/v2/users", "{\"user\":{\"name\":\"Child\"}}");
      until429(50, () -> as(parent).get(CHILDREN));
      String child = created.text("api_keys.1.key");
      assertThat(server.as(child).get("/v2/users").status()).as("another user").isEqualTo(200);
      assertThat(server.as(parent.testKey()).get("/v2/webhooks").status())
          .as("the same user with another key")
          .isEqualTo(429);
      assertThat(as(server.account()).get(CHILDREN).status()).as("another family").isEqualTo(200);
    }

    @Test
    void ofReadsWritesAndSecretsIsItsOwn() throws Exception {
      Account account = server.account();
      assertThat(until429(20, () -> as(account).get("/v2/users")).header(STATE))
          .startsWith("\"reads\"");
      assertThat(until429(10, () -> as(account).patch("/v2/users", "{}")).header(STATE))
          .startsWith("\"writes\"");
      assertThat(until429(3, () -> as(account).get("/v2/api_keys")).header(STATE))
          .startsWith("\"secrets\"");
    }

    @Test
    void ofAFamilyHoldsForAllOfItTogether() throws Exception {
      Account parent = server.account();
      List<String> keys =
          IntStream.range(0, 8)
              .mapToObj(_ -> as(parent).post("/v2/users", "{\"user\":{\"name\":\"C\"}}"))
              .map(created -> created.text("api_keys.1.key"))
              .toList();
      int[] at = {0};
      Reply refused =
          until429(112, () -> server.as(keys.get(at[0]++ % keys.size())).get("/v2/users"));
      assertThat(refused.header(STATE)).startsWith("\"family\";r=0");
    }

    @Test
    void isExactUnderConcurrency() throws Exception {
      Account account = server.account();
      try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
        List<Callable<Integer>> asks =
            IntStream.range(0, 90)
                .<Callable<Integer>>mapToObj(_ -> () -> as(account).get(CHILDREN).status())
                .toList();
        int granted = 0;
        for (Future<Integer> one : executor.invokeAll(asks)) {
          granted += one.get() == 200 ? 1 : 0;
        }
        assertThat(granted).isEqualTo(50);
      }
    }
  }

  @Nested
  class Strangers {
    @Test
    void areToldThatTheyAreTooManyAndNobodyIsAskedAnyMore() throws Exception {
      server.time().advance(Duration.ofMinutes(10));
      Account account = server.account();
      assertThat(as(account).get("/v2/users").status()).isEqualTo(200);
      int[] n = {0};
      Reply refused = until429(5, () -> server.as(stranger(n[0]++)).get("/v2/users"));
      assertThat(refused.header(STATE)).startsWith("\"failed-authentication\";r=0");
      assertThat(as(account).get("/v2/users").status())
          .as("who is known already, from the same address")
          .isEqualTo(200);
      assertThat(as(server.account()).get("/v2/users").status())
          .as("whom the database would have to be asked about")
          .isEqualTo(429);
      server.time().advance(Duration.ofMinutes(10));
    }

    private static String stranger(int n) {
      return "EZAK" + String.format("%032x", n + 1) + "A".repeat(22);
    }

    @Test
    void cannotTryToLogInOrSignUpAtWill() throws Exception {
      assertThat(
              until429(4, () -> server.as(null).post("/log-in", "{\"email\":\"a@example.com\"}"))
                  .header(STATE))
          .startsWith("\"log-in\";r=0;t=10");
      assertThat(until429(3, () -> server.as(null).post("/sign-up", "{}")).header(STATE))
          .startsWith("\"sign-up\";r=0;t=10");
      server.time().advance(Duration.ofMinutes(10));
    }
  }

  @Nested
  class AnAccountsOwnLimit {
    @Test
    void isInForceSoonOnEveryNodeAndGoesAway() throws Exception {
      Account account = server.account();
      UserId root = UserId.parse(account.id()).orElseThrow();
      assertThat(policies(account)).endsWith("\"index\";q=50;w=10");
      server.accountLimits().set(root, Limit.INDEX, Rate.parse("100/s burst 700"));
      Waiting.until("the new limit", () -> policies(account).endsWith("\"index\";q=700;w=7"));
      assertThat(policies(server.account())).endsWith("\"index\";q=50;w=10");
      server.accountLimits().set(root, Limit.INDEX, Optional.empty());
      Waiting.until("the old limit", () -> policies(account).endsWith("\"index\";q=50;w=10"));
    }

    private static String policies(Account account) {
      return as(account).get(CHILDREN).header(POLICIES);
    }
  }
}
