package postern.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * SIGKILL while a wallet is charged and recharged: every acknowledged charge is in the ledger once,
 * no card was charged twice, and every payment that stood halfway comes to one end. {@code
 * -Dpostern.e2e.kills=N} kills more often.
 */
final class KillPaymentsTest {
  private static final int KILLS = Integer.getInteger("postern.e2e.kills", 1);
  private static final int CHARGERS = 8;
  private static final int CHARGES_BETWEEN_KILLS = 60;

  /** What a killed server has claimed is taken up after three times this. */
  private static final Map<String, String> SOON = Map.of("POSTERN_BILLING_GATEWAY_TIMEOUT", "2s");

  private static final Pattern CHECKED = Pattern.compile("(\\d+) entries of (\\d+) wallets");

  private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
  private final AtomicInteger references = new AtomicInteger();
  private final LongAccumulator slowestNanos = new LongAccumulator(Math::max, 0);
  private long recoveryMs;
  private volatile boolean done;

  @SuppressWarnings("NullAway.Init")
  private volatile DevServer running;

  @Test
  void nothingIsLostOrDoubled() throws Exception {
    running = DevServer.start("kill-payments", SOON);
    ApiClient parent = running.production();
    parent.post("/v2/credit_cards", "{\"credit_card\":{\"payment_method_id\":\"pm_card_visa\"}}");
    parent.put(
        "/v2/users", "{\"user\":{\"recharge_amount\":\"10.00\",\"recharge_threshold\":\"9.00\"}}");
    List<Thread> chargers = new ArrayList<>();
    for (int i = 0; i < CHARGERS; i++) {
      chargers.add(Thread.ofVirtual().start(this::charge));
    }
    for (int kill = 1; kill <= KILLS; kill++) {
      int wanted = CHARGES_BETWEEN_KILLS * kill;
      Waiting.until("so many charges", 60, () -> acknowledged.size() >= wanted);
      DevServer victim = running;
      long startNanos = System.nanoTime();
      victim.process().kill();
      victim.process().exitCode();
      int before = acknowledged.size();
      running = DevServer.startOn(victim.dataDir(), 60, SOON);
      Waiting.until("charges again", 60, () -> acknowledged.size() > before);
      recoveryMs = Math.max(recoveryMs, (System.nanoTime() - startNanos) / 1_000_000);
    }
    done = true;
    for (Thread charger : chargers) {
      charger.join();
    }
    // What a killed server had claimed is taken up when its lease is over.
    Waiting.until(
        "every payment has ended", 150, () -> payments("payment.created").size() == ended().size());
    assertThat(references("charge")).containsAll(acknowledged).doesNotHaveDuplicates();
    BigDecimal paid = sum("payment");
    BigDecimal completed =
        new BigDecimal("10.30").multiply(BigDecimal.valueOf(payments("payment.completed").size()));
    assertThat(paid).isEqualByComparingTo(completed);
    PosternProcess check =
        PosternProcess.run("ledger", "check", "--data-dir", running.dataDir().toString());
    assertThat(check.exitCode()).as(check.toString()).isZero();
    Matcher checked = CHECKED.matcher(check.out());
    assertThat(checked.find()).isTrue();
    Reliability.write(
        "SIGKILL of the server while a wallet is charged and recharged",
        KILLS,
        references.get(),
        acknowledged.size(),
        recoveryMs,
        slowestNanos.get() / 1_000_000);
    running.close();
  }

  private void charge() {
    while (!done) {
      String reference = "r" + references.incrementAndGet();
      long startNanos = System.nanoTime();
      try {
        ApiClient.Reply reply =
            running
                .production()
                .post(
                    "/v2/charges",
                    "{\"charge\":{\"amount\":\"0.75\",\"reference\":\"" + reference + "\"}}");
        slowestNanos.accumulate(System.nanoTime() - startNanos);
        if (reply.status() == 201) {
          acknowledged.add(reference);
        }
      } catch (IOException e) {
        // The server was killed: nobody knows of this charge.
        pause();
      }
    }
  }

  private List<String> ended() throws IOException {
    List<String> ended = new ArrayList<>(payments("payment.completed"));
    ended.addAll(payments("payment.failed"));
    return ended;
  }

  private List<String> payments(String kind) throws IOException {
    return walk("/v2/events?page_size=100&description=" + kind, "events", "before_id", "id");
  }

  private List<String> references(String kind) throws IOException {
    return walk("/v2/ledger?page_size=100&kind=" + kind, "ledger", "before_id", "reference");
  }

  private BigDecimal sum(String kind) throws IOException {
    return walk("/v2/ledger?page_size=100&kind=" + kind, "ledger", "before_id", "amount").stream()
        .map(BigDecimal::new)
        .reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  private List<String> walk(String path, String list, String cursor, String member)
      throws IOException {
    List<String> found = new ArrayList<>();
    String next = path;
    while (true) {
      ApiClient.Reply page = running.production().get(next);
      assertThat(page.status()).as(page.body()).isEqualTo(200);
      String last = "";
      for (Object item : page.list(list)) {
        found.add(String.valueOf(((Map<?, ?>) item).get(member)));
        last = String.valueOf(((Map<?, ?>) item).get("id"));
      }
      if (!page.text("has_more").equals("true")) {
        return found;
      }
      next = path + "&" + cursor + "=" + last;
    }
  }

  private static void pause() {
    try {
      Thread.sleep(20);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
