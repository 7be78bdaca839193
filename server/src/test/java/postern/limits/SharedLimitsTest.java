package postern.limits;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import postern.main.TestServer;
import postern.main.TestServer.Account;
import postern.testing.Waiting;

/** Two nodes that count in one Redis, and what they do without it. */
@Tag("redis")
class SharedLimitsTest {
  private static final String CHILDREN = "/v2/users/children";
  private static final int BURST = 300;

  private static RedisServer redis;
  private static TestServer one;
  private static TestServer other;

  @BeforeAll
  static void start() throws Exception {
    redis = new RedisServer();
    Map<String, String> settings =
        Map.of(
            "limits.redis-url",
            redis.url(),
            // Redis' limits go by the machine's clock: so few come back that none does.
            "limits.index",
            "1/h burst " + BURST,
            "limits.secrets",
            "1/h burst 5");
    one = TestServer.start(settings);
    other = one.secondNode(settings);
    awaitShared();
  }

  private static void awaitShared() throws Exception {
    Waiting.until("Redis is there", () -> one.sharesLimits() && other.sharesLimits());
  }

  @AfterAll
  static void stop() {
    one.close();
    other.close();
    redis.close();
  }

  private static int granted(Account account, int requests, int at) throws Exception {
    try (var executor = Executors.newFixedThreadPool(at)) {
      List<Callable<Integer>> asks =
          IntStream.range(0, requests)
              .<Callable<Integer>>mapToObj(
                  i ->
                      () ->
                          (i % 2 == 0 ? one : other)
                              .as(account.productionKey())
                              .get(CHILDREN)
                              .status())
              .toList();
      int granted = 0;
      for (Future<Integer> asked : executor.invokeAll(asks)) {
        assertThat(asked.get()).isIn(200, 429);
        granted += asked.get() == 200 ? 1 : 0;
      }
      return granted;
    }
  }

  @Test
  void theSumOverTheNodesStaysWithinOnePercent() throws Exception {
    assertThat(granted(one.account(), BURST + 60, 6)).isBetween(BURST - 3, BURST + 3);
  }

  @Test
  void withoutRedisOpenLimitsAreCountedByEachNodeAndClosedOnesRefuse() throws Exception {
    Account account = one.account();
    String key = account.productionKey();
    assertThat(one.as(key).get("/v2/api_keys").status()).isEqualTo(200);
    redis.pause();
    try {
      assertThat(one.as(key).get(CHILDREN).status()).as("open").isEqualTo(200);
      Waiting.until("both nodes notice", () -> !one.sharesLimits() && !other.sharesLimits());
      var refused = one.as(key).get("/v2/api_keys");
      assertThat(refused.status()).as("closed").isEqualTo(503);
      assertThat(refused.errorCode()).isEqualTo("SERVICE_UNAVAILABLE");
      assertThat(refused.header("Retry-After")).isEqualTo("1");
      assertThat(granted(account, 2 * BURST, 6)).as("each counts its own").isEqualTo(2 * BURST - 1);
    } finally {
      redis.resume();
    }
    awaitShared();
    assertThat(one.as(key).get("/v2/api_keys").status()).isEqualTo(200);
  }

  @Test
  void aRedisThatComesBackIsNoticed() throws Exception {
    Account account = one.account();
    redis.kill();
    assertThat(one.as(account.productionKey()).get(CHILDREN).status()).isEqualTo(200);
    redis.startAgain();
    awaitShared();
    // It has forgotten everything, so all of the burst is there again.
    assertThat(granted(account, BURST + 60, 6)).isBetween(BURST - 3, BURST + 3);
  }

  @Test
  void aServerStartsWithoutIt() {
    try (TestServer alone = TestServer.start(Map.of("limits.redis-url", "redis://127.0.0.1:1/0"))) {
      assertThat(alone.as(alone.account().productionKey()).get(CHILDREN).status()).isEqualTo(200);
      assertThat(alone.sharesLimits()).isFalse();
    }
  }
}
