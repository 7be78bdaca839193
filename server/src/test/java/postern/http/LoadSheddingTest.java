package postern.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import postern.main.TestClient;
import postern.main.TestClient.Reply;
import postern.main.TestServer;
import postern.main.TestServer.Account;
import postern.testing.Waiting;

/** What becomes of requests while nothing gets done. */
class LoadSheddingTest {
  private static final int POOL_SIZE = 12;
  private static final Pattern SHED = Pattern.compile("(?m)^postern_http_shed_total (\\S+)");

  private static double shed(TestServer server) {
    Matcher found = SHED.matcher(server.asOperator().get("/metrics").body());
    assertThat(found.find()).isTrue();
    return Double.parseDouble(found.group(1));
  }

  @Test
  void theyAreRefusedAtOnceAndServedAgainWhenItIsOver() throws Exception {
    try (TestServer server = TestServer.start(Map.of("shed.target-latency", "50ms"));
        var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      Account account = server.account();
      TestClient client = server.as(account.productionKey());
      assertThat(client.get("/v2/users").status()).isEqualTo(200);
      List<Future<Reply>> stuck = new ArrayList<>();
      try (var lock = server.lockWallet(account.id())) {
        // Each waits for the wallet, and holds a connection meanwhile.
        for (int i = 0; i < 3 * POOL_SIZE; i++) {
          stuck.add(
              executor.submit(
                  () ->
                      client.send(
                          "POST",
                          "/v2/charges",
                          "application/json",
                          "{\"charge\":{\"amount\":\"1\"}}",
                          Map.of("Idempotency-Key", "k" + Thread.currentThread().threadId()))));
        }
        Waiting.until(
            "requests are refused",
            () -> {
              stuck.add(executor.submit(() -> client.get("/v2/users")));
              return shed(server) > 0;
            });
        lock.rollback();
      }
      for (Future<Reply> each : stuck) {
        Reply reply = each.get();
        assertThat(reply.status()).as(reply.body()).isIn(200, 402, 503);
        if (reply.status() == 503) {
          assertThat(reply.errorCode()).isEqualTo("SERVICE_UNAVAILABLE");
          assertThat(reply.header("Retry-After")).isEqualTo("1");
        }
      }
      Waiting.until("it is over", () -> client.get("/v2/users").status() == 200);
    }
  }
}
