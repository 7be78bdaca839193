package postern.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import postern.main.TestClient;
import postern.main.TestClient.Reply;
import postern.main.TestServer;

/** Every recorded request of billing and referral customers gets the recorded answer. */
class RecordedBillingTest {
  private static final String CARD =
      "{\"credit_card\":{\"payment_method_id\":\"pm_card_visa\",\"priority\":\"%s\"}}";

  private static TestServer server;

  /** One that lacks the key for browsers. */
  private static TestServer withoutIntegration;

  private static int made;

  @BeforeAll
  static void start() {
    server = TestServer.start(Map.of("limits.mode", "original"));
    withoutIntegration =
        TestServer.start(
            Map.of("billing.gateway", "stripe", "billing.stripe-secret-key", "sk_test_unused"));
  }

  @AfterAll
  static void stop() {
    server.close();
    withoutIntegration.close();
  }

  static List<Recording> recordings() {
    return Recording.in("billing-and-referrals.json");
  }

  @ParameterizedTest
  @MethodSource("recordings")
  void isAnsweredAsRecorded(Recording recording) {
    TestServer of =
        recording.toString().contains("stripe_public_key") && recording.status() == 422
            ? withoutIntegration
            : server;
    TestServer.Account partner = recording.status() == 401 ? of.account() : of.partner();
    Map<String, String> values = new HashMap<>();
    values.put("{email}", "recorded" + ++made + "@example.com");
    Reply customer = newCustomer(of, of.partner());
    if (recording.status() != 401) {
      newCustomer(of, partner);
      customer = newCustomer(of, partner);
    }
    values.put("{customer}", customer.text("id"));
    TestClient caller = callerOf(recording, of, partner, customer.text("api_keys.1.key"));
    String query = recording.filled("query", values);
    Reply reply =
        caller.send(
            recording.text("method"),
            recording.filled("path", values) + (query == null ? "" : "?" + query),
            recording.textIfAny("content_type"),
            recording.filled("body", values),
            Map.of());
    assertThat(reply.status()).as(reply.body()).isEqualTo(recording.status());
    assertThat(reply.header("Vary"))
        .isEqualTo(recording.text("path").startsWith("/beta") ? "Origin" : "");
    if (recording.get("error") == null) {
      new Shape(recording.text("keys")).compare("body", recording.get("shape"), reply.json());
    } else {
      assertThat(reply.json()).isEqualTo(recording.get("error"));
    }
  }

  private static Reply newCustomer(TestServer of, TestServer.Account partner) {
    return of.as(partner.productionKey())
        .post(
            "/v2/referral_customers",
            "{\"user\":{\"name\":\"R\",\"email\":\"customer%d@example.com\",\"phone\":\"1\"}}"
                .formatted(++made));
  }

  /** Partners call what is theirs, with the key that the recorded answer tells of. */
  private static TestClient callerOf(
      Recording recording, TestServer of, TestServer.Account partner, String customerKey) {
    String path = recording.text("path");
    boolean isInactive =
        recording.status() == 403 && String.valueOf(recording.get("error")).contains("INACTIVE");
    if (isInactive) {
      return of.as("not-a-real-key");
    }
    if (path.contains("/partners/")) {
      return of.as(recording.status() == 403 ? partner.testKey() : partner.productionKey());
    }
    if (path.matches("/(v2|beta)/referral_customers(/\\{customer})?")) {
      return of.as(partner.productionKey());
    }
    TestClient customer = of.as(customerKey);
    if (path.equals("/v2/payment_methods")) {
      customer.post("/beta/setup_intents", null);
      if (String.valueOf(recording.get("shape")).contains("last4")) {
        customer.post("/v2/credit_cards", CARD.formatted("primary"));
        customer.post("/v2/credit_cards", CARD.formatted("secondary"));
      }
    }
    return customer;
  }
}
