package postern.billing.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import postern.billing.gateway.ForwardingGateway;
import postern.billing.gateway.Gateway;
import postern.main.RouteTest;
import postern.main.TestClient;
import postern.main.TestClient.Reply;
import postern.main.TestServer;
import postern.testing.Waiting;

/** Refunds that the gateway does not make. */
class FailedRefundTest extends RouteTest {
  private static final String REFUNDS = "/beta/referral_customers/refunds";

  /** Answers refunds as the test says, and then as the other gateway does. */
  private static final class Refunding extends ForwardingGateway {
    private final Queue<Outcome> outcomes;

    Refunding(Gateway gateway, Queue<Outcome> outcomes) {
      super(gateway);
      this.outcomes = outcomes;
    }

    @Override
    public Outcome carryOut(Transfer transfer, String reference) {
      Outcome outcome = transfer.refundOf().isPresent() ? outcomes.poll() : null;
      return outcome == null ? super.carryOut(transfer, reference) : outcome;
    }
  }

  private final Queue<Gateway.Outcome> outcomes = new ConcurrentLinkedQueue<>();

  private static TestClient withTenDollars(TestServer server) {
    TestClient client = server.as(server.account().productionKey());
    String card =
        client
            .post("/v2/credit_cards", "{\"credit_card\":{\"payment_method_id\":\"pm_card_visa\"}}")
            .text("id");
    client.post("/v2/credit_cards/" + card + "/charges", "{\"amount\":\"1000\"}");
    assertThat(balance(client)).isEqualTo("10.00000");
    return client;
  }

  private static String balance(TestClient client) {
    return client.get("/v2/users").text("balance");
  }

  private static List<String> kinds(TestClient client) {
    return each(client.get("/v2/ledger"), "ledger", "kind");
  }

  private static List<String> payments(TestServer server) {
    return rows(
        server,
        "select kind || ' ' || state || ' ' || refunded_micros / 10000 from payments"
            + " order by kind, created_at, id");
  }

  @Test
  void giveTheMoneyBackToTheWalletAndTheRefundToThePayment() {
    outcomes.add(new Gateway.Outcome.Failed("expired_or_canceled_card"));
    try (TestServer server = TestServer.start(Map.of(), to -> new Refunding(to, outcomes))) {
      TestClient client = withTenDollars(server);
      Reply failed = client.post(REFUNDS, "{\"refund_amount\":400}");
      assertThat(failed.body()).contains("expired_or_canceled_card");
      assertThat(balance(client)).isEqualTo("10.00000");
      assertThat(kinds(client)).contains("refund", "refund_reversal");
      assertThat(payments(server)).containsExactly("fund settled 0", "refund failed 0");

      Reply whole = client.post(REFUNDS, "{\"refund_amount\":1000}");
      assertThat(whole.text("refunded_amount")).as(whole.body()).isEqualTo("1000");
      assertThat(balance(client)).isEqualTo("0.00000");
      assertThat(payments(server))
          .containsExactlyInAnyOrder("fund settled 1000", "refund failed 0", "refund settled 0");
      assertThat(server.checkLedgers()).isEmpty();
    }
  }

  @Test
  void giveItBackOnceThoughTheGatewayThoughtAboutIt() throws Exception {
    outcomes.add(new Gateway.Outcome.Pending());
    outcomes.add(new Gateway.Outcome.Failed("declined"));
    try (TestServer server =
        TestServer.start(Map.of("billing.charge-wait", "1s"), to -> new Refunding(to, outcomes))) {
      TestClient client = withTenDollars(server);
      client.post(REFUNDS, "{\"refund_amount\":400}");
      assertThat(balance(client)).as("reserved while it is on its way").isEqualTo("6.00000");
      Waiting.until(
          "the refund has failed",
          () -> {
            server.time().advance(Duration.ofHours(1));
            return balance(client).equals("10.00000");
          });
      assertThat(kinds(client)).containsOnlyOnce("refund_reversal");
      assertThat(payments(server)).containsExactly("fund settled 0", "refund failed 0");
    }
  }
}
