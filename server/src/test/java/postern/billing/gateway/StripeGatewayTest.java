package postern.billing.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import postern.dashboard.Visitor;
import postern.main.TestClient;
import postern.main.TestClient.Reply;
import postern.main.TestServer;

class StripeGatewayTest extends GatewayContract {
  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static @Nullable FakeStripe stripe;

  @BeforeAll
  static void start() throws IOException {
    stripe = new FakeStripe();
  }

  @AfterAll
  static void stop() {
    stripe().close();
  }

  private static FakeStripe stripe() {
    return java.util.Objects.requireNonNull(stripe);
  }

  @Override
  Gateway gateway() {
    return new StripeGateway("sk_test_1", "pk_test_1", stripe().url(), TIMEOUT);
  }

  @Override
  long centsMoved(String customer) {
    return stripe().centsMoved(customer);
  }

  @Override
  Gateway.Method.Card cardThatLosesItsAnswer(String customer) {
    stripe().loseNextConfirmation();
    return gateway().attachCard(customer, "pm_card_visa");
  }

  @Test
  void aCardWhoseOwnerWouldHaveToActFailsAndCannotSucceedLater() {
    String customer = gateway().createCustomer("user_act", new Gateway.Customer("A", "a@b.c"));
    Gateway.Method card = gateway().attachCard(customer, "pm_card_authenticationRequired");
    Gateway.Transfer payment =
        new Gateway.Transfer(
            "paylog_act", customer, card.reference(), false, 100, Optional.empty());
    String reference = gateway().prepare(payment);
    assertThat(gateway().carryOut(payment, reference))
        .isEqualTo(new Gateway.Outcome.Failed("authentication_required"));
    assertThat(gateway().carryOut(payment, reference)).isInstanceOf(Gateway.Outcome.Failed.class);
    assertThat(stripe().requests()).anyMatch(request -> request.contains(reference + "/cancel"));
  }

  /** As somebody does on the page for billing, who is led to Stripe's own and back. */
  @Test
  void aCardIsGivenOnThePageOfStripesAndBelongsToItsFamilyAlone() {
    try (TestServer server =
        TestServer.start(
            Map.of(
                "billing.gateway", "stripe",
                "billing.stripe-secret-key", "sk_test_1",
                "billing.stripe-url", stripe().url()))) {
      TestServer.Account account = server.account(Optional.of("four words are enough"));
      Visitor visitor = Visitor.loggedIn(server, account.email(), "four words are enough");
      visitor.get("/billing");
      String page = visitor.post("/billing/methods", Map.of("priority", "primary")).body();
      Matcher link =
          Pattern.compile("href=\"(https://checkout.example.com/cs_\\d+)\"").matcher(page);
      assertThat(link.find()).as(page).isTrue();
      String early = "/billing/methods/given?priority=primary&visit=";
      assertThat(visitor.get(early + link.group(1).replaceAll(".*/", "")).status())
          .as("before the card is given")
          .isEqualTo(404);
      String back = stripe().visit(link.group(1)).replaceAll("^http://[^/]+", "");
      TestServer.Account other = server.account(Optional.of("four words are enough"));
      Visitor stranger = Visitor.loggedIn(server, other.email(), "four words are enough");
      assertThat(stranger.get(back).status()).isEqualTo(404);
      assertThat(visitor.get(back).header("Location")).startsWith("/billing?done=");
      assertThat(visitor.get("/billing").body()).containsIgnoringCase("visa •••• 4242");
      assertThat(stranger.get("/billing").body()).doesNotContain("4242");
    }
  }

  @Test
  void aStripeThatIsNotThereIsUnavailableAndNothingIsTold() {
    Gateway nobody = new StripeGateway("sk_test_secret", "", "http://127.0.0.1:9", TIMEOUT);
    assertThatThrownBy(() -> nobody.createSetupIntent("cus_1"))
        .isInstanceOf(Gateway.UnavailableException.class)
        .hasMessageNotContaining("sk_test_secret");
    assertThat(nobody.publicKey()).isEmpty();
  }

  @Test
  void aWholeServerWorksWithIt() {
    try (TestServer server =
        TestServer.start(
            Map.of(
                "billing.gateway", "stripe",
                "billing.stripe-secret-key", "sk_test_server",
                "billing.stripe-public-key", "pk_test_server",
                "billing.stripe-url", stripe().url()))) {
      TestServer.Account account = server.partner();
      TestClient client = server.as(account.productionKey());
      assertThat(client.get("/v2/partners/stripe_public_key").text("public_key"))
          .isEqualTo("pk_test_server");
      String card = "{\"credit_card\":{\"payment_method_id\":\"%s\",\"priority\":\"%s\"}}";
      client.post("/v2/credit_cards", card.formatted("pm_card_insufficientFunds", "primary"));
      Reply added = client.post("/v2/credit_cards", card.formatted("tok_visa", "secondary"));
      assertThat(added.text("last4")).isEqualTo("4242");
      Reply charged = client.post("/v2/charges", "{\"charge\":{\"amount\":\"150\"}}");
      assertThat(charged.status()).as(charged.body()).isEqualTo(201);
      assertThat(charged.text("balance")).isEqualTo("50.00000");
      Reply refunded = client.post("/beta/referral_customers/refunds", "{\"refund_amount\":5000}");
      assertThat(refunded.text("refunded_amount")).isEqualTo("5000");
      assertThat(client.get("/v2/users").text("balance")).isEqualTo("0.00000");
      assertThat(server.checkAllLedgers().flaws()).isEmpty();
      assertThat(stripe().requests())
          .anyMatch(request -> request.endsWith("Bearer sk_test_server"));
      assertThat(client.post("/v2/credit_cards", card.formatted("pm_none", "primary")).errorCode())
          .isEqualTo("CREDIT_CARD.NOT_FOUND");
    }
  }
}
