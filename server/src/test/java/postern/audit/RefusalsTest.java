package postern.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import postern.core.UserId;
import postern.dashboard.Visitor;
import postern.http.Route;
import postern.keys.ForgedKey;
import postern.main.TestClient.Reply;
import postern.main.TestServer;
import postern.main.TestServer.Account;
import postern.testing.Waiting;

/** What a refused request may cause: it is counted first, and a flood leaves a few rows. */
class RefusalsTest {
  private static final String PASSWORD = "four words are enough";
  private static final String LIMIT = "RateLimit";

  private TestServer server;
  private Account victim;

  @BeforeEach
  void start() {
    server =
        TestServer.start(
            Map.of("audit.refusals-interval", "1h", "http.trusted-proxies", "127.0.0.1"));
    victim = server.account(Optional.of(PASSWORD));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private String forged(int number) {
    return ForgedKey.of(victim.id(), number);
  }

  private long rows(String table) {
    server.flushRefusals();
    return Long.parseLong(server.rows("select count(*) from " + table).getFirst());
  }

  private void awaitRefusals(long requests) throws Exception {
    // A refusal is noted after its answer.
    Waiting.until(
        "all are noted",
        () -> {
          server.flushRefusals();
          server.time().advance(Duration.ofMinutes(1));
          server.flushRefusals();
          return server
              .rows("select sum(greatest(more, 1)) from refusals")
              .equals(List.of(Long.toString(requests)));
        });
  }

  @Test
  void aFloodOfOneKeyLeavesAFewRowsAndTheirNumber() throws Exception {
    for (int i = 0; i < 100; i++) {
      assertThat(server.as(victim.testKey()).get("/v2/users").status()).isEqualTo(403);
    }
    Waiting.until("five are noted", () -> rows("refusals") == 5);
    awaitRefusals(100);
    assertThat(rows("refusals")).isEqualTo(6);
    assertThat(server.rows("select more from refusals where more > 0")).containsExactly("95");
    Reply log =
        server.as(victim.productionKey()).get("/v2/audit_log?page_size=100&action=GET%20/v2/users");
    assertThat(log.list("audit_log")).hasSize(6);
    assertThat(log.text("audit_log.0.after.more")).isEqualTo("95");
    assertThat(log.text("audit_log.0.error_code")).isEqualTo("MODE.UNAUTHORIZED");
  }

  @Test
  void manyAddressesShareTheirRows() throws Exception {
    for (int i = 0; i < 200; i++) {
      String address = "203.0.113." + i;
      server.as(forged(i)).send("GET", "/v2/users", null, null, Map.of("X-Forwarded-For", address));
    }
    awaitRefusals(200);
    assertThat(rows("refusals")).isLessThanOrEqualTo(51);
  }

  @Test
  void whatAStrangerSaysStandsInNoFamilysLog() throws Exception {
    long before = rows("audit_log");
    Map<String, String> text = Map.of("User-Agent", "call me at evil.example");
    for (int i = 0; i < 20; i++) {
      server.as(forged(i)).send("GET", "/v2/users", null, null, text);
    }
    awaitRefusals(20);
    Reply log = server.as(victim.productionKey()).get("/v2/audit_log?page_size=100");
    assertThat(log.body()).doesNotContain("evil").doesNotContain("refused");
    assertThat(rows("audit_log")).isEqualTo(before);
  }

  @Test
  void failedLogInsAreOneCounterWithoutTheStrangersText() throws Exception {
    for (int i = 0; i < 4; i++) {
      Visitor stranger = new Visitor(server);
      stranger.get("/log-in");
      assertThat(
              stranger
                  .post("/log-in", Map.of("email", victim.email(), "password", "wrong " + i))
                  .status())
          .isEqualTo(422);
    }
    awaitRefusals(4);
    Reply log =
        server.as(victim.productionKey()).get("/v2/audit_log?page_size=100&action=POST%20/log-in");
    assertThat(log.list("audit_log")).hasSize(2);
    assertThat(log.text("audit_log.0.after.more")).isEqualTo("3");
    assertThat(server.rows("select distinct concat(address, client, request_id) from refusals"))
        .containsExactly("");
  }

  @Test
  void areForgottenInTheirTimeAndTheChainStandsWithoutThem() throws Exception {
    server.as(victim.testKey()).get("/v2/users");
    server.as(null).get("/v2/users");
    awaitRefusals(2);
    server.chainAudit();
    server.time().advance(Duration.ofDays(30).minus(Duration.ofMinutes(3)));
    assertThat(server.purgeRefusals()).isZero();
    server.time().advance(Duration.ofMinutes(4));
    assertThat(server.purgeRefusals()).isEqualTo(2);
    assertThat(server.verifyAudit(UserId.parse(victim.id()).orElseThrow()).flaws()).isEmpty();
  }

  @Test
  void theirNumberIsWrittenWhenTheServerStops() throws Exception {
    try (TestServer stopping = server.secondNode(Map.of("audit.refusals-interval", "1h"))) {
      for (int i = 0; i < 50; i++) {
        stopping.as(victim.testKey()).get("/v2/users");
      }
      // The answer to this one leaves after the last one before it was noted.
      stopping.as(null).get("/v2/nothing");
    }
    assertThat(rows("refusals")).isEqualTo(6);
  }

  @TestFactory
  Stream<DynamicTest> everyRefusalOfEveryRouteIsCounted() {
    List<Route> routes = server.routes().all();
    return routes.stream()
        .flatMap(
            route ->
                Stream.of("nobody", "test", "forged", "live")
                    .map(
                        who ->
                            DynamicTest.dynamicTest(
                                route.name() + " by " + who, () -> assertCounted(route, who))));
  }

  private void assertCounted(Route route, String who) {
    String key =
        switch (who) {
          case "test" -> victim.testKey();
          case "forged" -> forged(1);
          case "live" -> victim.productionKey();
          default -> null;
        };
    String path = route.path().replaceAll("\\{[a-z_]+}", "none");
    boolean hasBody = !route.method().equals("GET");
    Reply reply =
        server
            .as(key)
            .send(
                route.method(),
                path,
                hasBody ? "application/json" : null,
                hasBody ? "{\"not json" : null,
                Map.of());
    assertThat(reply.header(LIMIT)).as("%d %s", reply.status(), reply.body()).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v2/nothing", "/v2/users/../users", "/v2//users"})
  void andSoIsWhatNoRouteTakes(String path) {
    assertThat(server.as(victim.testKey()).get(path).header(LIMIT)).isNotEmpty();
  }

  @Test
  void andAHeadThatIsTooLarge() {
    Reply reply =
        server.as(null).send("GET", "/v2/users", null, null, Map.of("X-Large", "x".repeat(20_000)));
    assertThat(reply.status()).isEqualTo(413);
    assertThat(reply.header(LIMIT)).isNotEmpty();
  }

  @Test
  void aTestKeyMeetsItsLimit() {
    try (TestServer limited = server.secondNode(Map.of("limits.reads", "1/s burst 5"))) {
      List<Integer> statuses = new ArrayList<>();
      for (int i = 0; i < 7; i++) {
        statuses.add(limited.as(victim.testKey()).get("/v2/users").status());
      }
      assertThat(statuses).containsExactly(403, 403, 403, 403, 403, 429, 429);
    }
  }

  @Test
  void anUnknownSessionCostsOneStatementAndThenNone() throws Exception {
    List<String> lines = new ArrayList<>();
    Handler reader = new LineReader(lines);
    Logger log = Logger.getLogger("postern.request");
    log.addHandler(reader);
    log.setLevel(Level.INFO);
    try {
      Map<String, String> cookie =
          Map.of("Cookie", "__Host-postern=" + "A".repeat(43), "Accept", "text/html");
      for (int i = 0; i < 3; i++) {
        assertThat(server.as(null).send("GET", "/keys", null, null, cookie).status())
            .isEqualTo(303);
      }
      Waiting.until("all lines are there", () -> lines.size() == 3);
    } finally {
      log.removeHandler(reader);
      log.setLevel(null);
    }
    assertThat(lines.get(0)).contains(" queries=1 ");
    assertThat(lines.subList(1, 3)).allMatch(line -> line.contains(" queries=0 "));
  }

  @Test
  void inventedSessionsCostNoStatementBeyondTheLimit() throws Exception {
    List<String> lines = new ArrayList<>();
    Handler reader = new LineReader(lines);
    Logger log = Logger.getLogger("postern.request");
    try (TestServer limited = server.secondNode(Map.of("limits.public", "1/s burst 5"))) {
      log.addHandler(reader);
      log.setLevel(Level.INFO);
      for (int i = 0; i < 10; i++) {
        String cookie = "__Host-postern=" + "A".repeat(42) + (char) ('a' + i);
        limited.as(null).send("GET", "/keys", null, null, Map.of("Cookie", cookie));
      }
      Waiting.until("all lines are there", () -> lines.size() == 10);
    } finally {
      log.removeHandler(reader);
      log.setLevel(null);
    }
    assertThat(lines.subList(0, 5)).allMatch(line -> line.contains(" queries=1 "));
    assertThat(lines.subList(5, 10))
        .allMatch(line -> line.contains("status=429") && line.contains(" queries=0 "));
  }

  private static final class LineReader extends Handler {
    private final List<String> lines;

    LineReader(List<String> lines) {
      this.lines = lines;
    }

    @Override
    public void publish(LogRecord record) {
      synchronized (lines) {
        lines.add(record.getMessage());
      }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
