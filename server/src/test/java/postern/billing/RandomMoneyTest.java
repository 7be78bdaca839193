package postern.billing;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import postern.billing.MoneyModel.Answer;
import postern.billing.MoneyModel.Seen;
import postern.main.TestClient.Reply;
import postern.main.TestServer;
import postern.main.TestServer.Account;
import postern.testing.TestPostgres;
import postern.testing.Waiting;

/**
 * Sixteen threads charge, fund and refund while wallets recharge, payments break off at every step
 * and connections to PostgreSQL are cut: afterwards a model that only adds must agree to the last
 * cent. {@code -Dpostern.test.money-seconds=60} runs longer than every build does; {@code
 * -Dpostern.test.seed=N} repeats the choices of a run.
 */
class RandomMoneyTest {
  private static final int SECONDS = Integer.getInteger("postern.test.money-seconds", 5);
  private static final long SEED = Long.getLong("postern.test.seed", System.nanoTime());
  private static final int THREADS = 16;
  private static final int FAMILIES = 3;
  private static final long MICROS = 1_000_000;

  /** A family, and what is known of its money. */
  private record Family(Account parent, List<Account> users, String card, MoneyModel model) {}

  private final AtomicLong cents = new AtomicLong(100);
  private final AtomicLong references = new AtomicLong();
  private @Nullable CrashingGateway gateway;
  private volatile boolean stops;

  @Test
  void noCentIsLostOrDoubled() throws Exception {
    SplittableRandom random = new SplittableRandom(SEED);
    SplittableRandom ofGateway = random.split();
    try (TestServer server =
        TestServer.start(
            Map.of("billing.charge-wait", "1s", "billing.gateway-timeout", "2s"),
            real -> gateway = new CrashingGateway(real, ofGateway, 12))) {
      List<Family> families = new ArrayList<>();
      for (int i = 0; i < FAMILIES; i++) {
        families.add(family(server, i));
      }
      try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
        List<Future<Object>> running = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
          SplittableRandom own = random.split();
          running.add(threads.submit(() -> spend(server, families, own)));
        }
        running.add(threads.submit(() -> passTime(server)));
        running.add(threads.submit(() -> cutConnections(server)));
        running.add(threads.submit(() -> watchRecharges(server)));
        Thread.sleep(Duration.ofSeconds(SECONDS));
        stops = true;
        for (Future<Object> one : running) {
          one.get();
        }
      }
      settle(server, families);
      for (Family family : families) {
        compare(server, family);
      }
      assertThat(server.checkAllLedgers().flaws()).as("seed " + SEED).isEmpty();
      assertGatewayAgrees(server);
      System.out.println("seed " + SEED + ": " + summary(server));
    }
  }

  /** What the run was made of: one that did nothing would prove nothing. */
  private static List<String> summary(TestServer server) {
    List<String> parts =
        server.rows(
            """
            select kind || ' ' || state || ' ' || count(*) || ', taken up again '
              || count(*) filter (where attempts > 1)
            from payments group by kind, state
            union all select 'charges ' || count(*) from ledger_entries where kind = 'charge'
            """);
    assertThat(parts).as("kinds of payments and charges").hasSizeGreaterThanOrEqualTo(5);
    return parts;
  }

  private static Family family(TestServer server, int number) {
    Account parent = server.account();
    String reference =
        List.of("pm_card_visa", "pm_card_chargeCustomerFail", "pm_card_answerLost").get(number);
    var client = server.as(parent.productionKey());
    String primary = card(server, parent, reference, "primary");
    String secondary = card(server, parent, "pm_card_mastercard", "secondary");
    client.patch(
        "/v2/users",
        "{\"recharge_amount\":\"20\",\"secondary_recharge_amount\":\"7\",\"recharge_threshold\":\"5\"}");
    MoneyModel model = new MoneyModel();
    List<Account> users = new ArrayList<>(List.of(parent));
    for (int i = 0; i < 2; i++) {
      Reply child = client.post("/v2/users", "{}");
      String limit = (i + 1) * 300 + ".00";
      client.patch(
          "/v2/users/" + child.text("id"),
          "{\"spend_limit\":\"" + limit + "\",\"spend_period\":\"year\"}");
      model.limit(child.text("id"), (i + 1) * 300L * MICROS);
      users.add(new Account(child.text("id"), "", child.text("api_keys.1.key"), ""));
    }
    return new Family(parent, users, number == 1 ? secondary : primary, model);
  }

  private static String card(TestServer server, Account parent, String reference, String priority) {
    return server
        .as(parent.productionKey())
        .post(
            "/v2/credit_cards",
            "{\"credit_card\":{\"payment_method_id\":\"%s\",\"priority\":\"%s\"}}"
                .formatted(reference, priority))
        .text("id");
  }

  private Object spend(TestServer server, List<Family> families, SplittableRandom random) {
    while (!stops) {
      Family family = families.get(random.nextInt(families.size()));
      int choice = random.nextInt(20);
      if (choice == 0) {
        fund(server, family);
      } else if (choice == 1) {
        refund(server, family);
      } else {
        Account user = family.users().get(random.nextInt(family.users().size()));
        String reference = "r" + references.incrementAndGet();
        long amount = (1 + random.nextInt(400)) * 10_000L;
        charge(server, family, user, reference, amount);
        if (random.nextInt(4) == 0) {
          charge(server, family, user, reference, amount);
        }
      }
    }
    return families;
  }

  private static void charge(
      TestServer server, Family family, Account user, String reference, long micros) {
    String amount = java.math.BigDecimal.valueOf(micros, 6).toPlainString();
    Answer answer =
        answerOf(
            server,
            user,
            "/v2/charges",
            "{\"charge\":{\"amount\":\"%s\",\"reference\":\"%s\"}}".formatted(amount, reference));
    family.model().charged(user.id(), reference, micros, answer);
  }

  private void fund(TestServer server, Family family) {
    long amount = cents.incrementAndGet();
    String path = "/v2/credit_cards/" + family.card() + "/charges";
    Answer answer = answerOf(server, family.parent(), path, "{\"amount\":\"" + amount + "\"}");
    family.model().funded(amount * 10_000, answer);
  }

  private void refund(TestServer server, Family family) {
    long amount = cents.incrementAndGet();
    String body = "{\"refund_amount\":" + amount + "}";
    String path = "/beta/referral_customers/refunds";
    Answer answer = answerOf(server, family.parent(), path, body);
    family.model().refunded(amount * 10_000, answer);
  }

  private static Answer answerOf(TestServer server, Account user, String path, String body) {
    int status = server.as(user.productionKey()).post(path, body).status();
    assertThat(status).as(path + ", seed " + SEED).isIn(200, 201, 402, 422, 503);
    if (status < 300) {
      return Answer.DONE;
    }
    return status < 500 ? Answer.REFUSED : Answer.UNKNOWN;
  }

  /** Leases end, and pauses after failed recharges. */
  private Object passTime(TestServer server) throws InterruptedException {
    while (!stops) {
      Thread.sleep(100);
      server.time().advance(Duration.ofSeconds(5));
      server.wakePayments();
    }
    return server;
  }

  private Object cutConnections(TestServer server) throws InterruptedException, SQLException {
    try (Connection connection = TestPostgres.connect(server.database());
        Statement statement = connection.createStatement()) {
      while (!stops) {
        Thread.sleep(300);
        statement.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
                + " where datname = current_database() and application_name = 'postern'"
                + " order by random() limit 1");
      }
    }
    return server;
  }

  private Object watchRecharges(TestServer server) throws InterruptedException {
    while (!stops) {
      assertThat(
              server.rows(
                  "select root_id::text from payments where kind = 'recharge'"
                      + " and state in ('staged', 'sent') group by root_id having count(*) > 1"))
          .as("more than one recharge in flight, seed " + SEED)
          .isEmpty();
      Thread.sleep(20);
    }
    return server;
  }

  /** Lets everything come to its end, and asks for the charges of which nobody knows. */
  private void settle(TestServer server, List<Family> families) throws Exception {
    java.util.Objects.requireNonNull(gateway).stopCrashing();
    Waiting.until(
        "payments have ended, seed " + SEED,
        () -> {
          server.time().advance(Duration.ofSeconds(30));
          server.wakePayments();
          return server
              .rows("select id::text from payments where state in ('staged', 'sent')")
              .isEmpty();
        });
    for (Family family : families) {
      // Where limit or balance refuse it now, it was not taken before either.
      family
          .model()
          .uncertainCharges()
          .forEach(
              (reference, micros) -> {
                Account user =
                    family.users().stream()
                        .filter(u -> u.id().equals(family.model().userOf(reference)))
                        .findFirst()
                        .orElseThrow();
                charge(server, family, user, reference, micros);
              });
    }
    Waiting.until(
        "payments have ended again, seed " + SEED,
        () -> {
          server.time().advance(Duration.ofSeconds(30));
          server.wakePayments();
          return server
              .rows("select id::text from payments where state in ('staged', 'sent')")
              .isEmpty();
        });
  }

  private static void compare(TestServer server, Family family) {
    String root = family.parent().id();
    java.util.UUID id = postern.main.RouteTest.uuid(root);
    List<Seen> ledger = new ArrayList<>();
    for (String row :
        server.rows(
            "select concat_ws(' ', kind, replace(user_id::text, '-', ''),"
                + " case when credit_account = 'wallet' then amount_micros else -amount_micros end,"
                + " coalesce(reference, '-')) from ledger_entries where root_id = ? order by seq",
            id)) {
      String[] parts = row.split(" ", -1);
      ledger.add(new Seen(parts[0], "user_" + parts[1], Long.parseLong(parts[2]), parts[3]));
    }
    Map<String, List<Long>> paid = new HashMap<>();
    for (String row :
        server.rows(
            "select kind || ' ' || amount_micros from payments where root_id = ? and state = 'settled'",
            id)) {
      String[] parts = row.split(" ", -1);
      paid.computeIfAbsent(parts[0], kind -> new ArrayList<>()).add(Long.parseLong(parts[1]));
    }
    long balance =
        Long.parseLong(
            server.rows("select balance_micros from wallets where root_id = ?", id).getFirst());
    assertThat(ledger).as("seed " + SEED).hasSizeGreaterThan(20);
    assertThat(family.model().disagreements(ledger, paid, balance)).as("seed " + SEED).isEmpty();
  }

  /** The company outside has moved what the payments say, once, and nothing else. */
  private static void assertGatewayAgrees(TestServer server) {
    assertThat(
            server.rows(
                """
                select coalesce(p.state, 'unknown') || ' ' || coalesce(i.status, 'none')
                from payments p
                full join sandbox_intents i
                  on i.idempotency_key = 'paylog_' || replace(p.id::text, '-', '')
                where (p.state = 'settled') is distinct from (i.status = 'succeeded')
                  and not (p.state = 'failed' and coalesce(i.status, 'created') <> 'succeeded')
                   or i.status = 'succeeded'
                     and i.amount_cents * 10000 <> p.amount_micros + p.fee_micros
                """))
        .as("payments that the gateway sees otherwise, seed " + SEED)
        .isEmpty();
  }
}
