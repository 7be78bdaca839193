package postern.idempotency;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import postern.http.Access;
import postern.http.Route;
import postern.main.TestClient;
import postern.main.TestClient.Reply;
import postern.main.TestServer;
import postern.main.TestServer.Account;
import postern.testing.FakeReceiver;

/** Every POST of the API, sent twice with one {@code Idempotency-Key}. */
@Tag("storage")
class EveryPostTest {
  private static final String USERS = "/v2/users";
  private static final String CHILD = "{\"user\":{\"name\":\"Child\"}}";
  private static final String REPLAYED = "Idempotent-Replayed";
  private static final String COUNTS =
      Stream.of(
              "users",
              "api_keys",
              "user_contacts",
              "ledger_entries",
              "payments",
              "payment_methods",
              "webhooks",
              "deliveries",
              "events",
              "audit_log")
          .map(table -> "select '" + table + " ' || count(*) from " + table)
          .collect(Collectors.joining(" union all "));

  private static TestServer server;
  private static FakeReceiver receiver;
  private static Account partner;
  private static TestClient client;

  @BeforeAll
  static void start() {
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

  private static Reply post(TestClient as, String path, String body, String key) {
    return as.send("POST", path, "application/json", body, Map.of("Idempotency-Key", key));
  }

  private static List<String> counts() {
    return server.rows(COUNTS);
  }

  /** Every POST of the API: the path of a good request, and its body. */
  private static Map<String, List<String>> requests() {
    String child = client.post(USERS, CHILD).text("id");
    String deleted = client.post(USERS, CHILD).text("id");
    client.delete(USERS + "/" + deleted);
    String key = client.post("/v2/api_keys", "{\"mode\":\"test\"}").text("id");
    String card =
        client
            .post("/v2/credit_cards", "{\"credit_card\":{\"payment_method_id\":\"pm_card_visa\"}}")
            .text("id");
    String bank =
        client
            .post(
                "/v2/bank_accounts",
                "{\"financial_connections_id\":\"fca_sandbox_1\",\"account_holder_name\":\"A\","
                    + "\"mandate_data\":{},\"priority\":\"secondary\"}")
            .text("id");
    client.post("/v2/credit_cards/" + card + "/charges", "{\"amount\":\"5000\"}");
    String hook =
        client
            .post("/v2/webhooks", "{\"webhook\":{\"url\":\"" + receiver.url("/hook") + "\"}}")
            .text("id");
    server.numberEvents();
    String event = client.get("/v2/events").text("events.0.id");
    Map<String, List<String>> all = ofMoney(card, bank);
    all.put("POST /v2/users", List.of(USERS, CHILD));
    all.put("POST /v2/users/{id}/restore", List.of(USERS + "/" + deleted + "/restore", "{}"));
    all.put("POST /v2/api_keys", List.of("/v2/api_keys", "{\"mode\":\"test\"}"));
    all.put(
        "POST /v2/users/{id}/api_keys",
        List.of(USERS + "/" + child + "/api_keys", "{\"mode\":\"test\"}"));
    all.put("POST /v2/api_keys/{id}/disable", List.of("/v2/api_keys/" + key + "/disable", "{}"));
    all.put("POST /v2/api_keys/{id}/enable", List.of("/v2/api_keys/" + key + "/enable", "{}"));
    all.put(
        "POST /v2/events",
        List.of("/v2/events", "{\"event\":{\"description\":\"tracker.updated\"}}"));
    all.put("POST /v2/events/{id}/deliver", List.of("/v2/events/" + event + "/deliver", "{}"));
    all.put(
        "POST /v2/webhooks",
        List.of("/v2/webhooks", "{\"webhook\":{\"url\":\"" + receiver.url("/hook") + "\"}}"));
    all.put(
        "POST /v2/webhooks/{id}/replay",
        List.of("/v2/webhooks/" + hook + "/replay", "{\"since\":\"2026-01-01\"}"));
    return all;
  }

  private static Map<String, List<String>> ofMoney(String card, String bank) {
    String cardBody =
        "{\"credit_card\":{\"payment_method_id\":\"pm_card_visa\",\"priority\":\"secondary\"}}";
    String customer =
        "{\"user\":{\"name\":\"R\",\"email\":\"%s@example.com\",\"phone_number\":\"%s\"}}";
    Map<String, List<String>> all = new LinkedHashMap<>();
    all.put("POST /v2/charges", List.of("/v2/charges", "{\"charge\":{\"amount\":\"1.00\"}}"));
    all.put("POST /v2/credit_cards", List.of("/v2/credit_cards", cardBody));
    all.put("POST /beta/credit_cards", List.of("/beta/credit_cards", cardBody));
    all.put(
        "POST /v2/bank_accounts",
        List.of(
            "/v2/bank_accounts",
            "{\"financial_connections_id\":\"fca_sandbox_2\",\"account_holder_name\":\"A\","
                + "\"mandate_data\":{},\"priority\":\"secondary\"}"));
    all.put(
        "POST /v2/credit_cards/{id}/charges",
        List.of("/v2/credit_cards/" + card + "/charges", "{\"amount\":\"700\"}"));
    all.put(
        "POST /v2/bank_accounts/{id}/charges",
        List.of("/v2/bank_accounts/" + bank + "/charges", "{\"amount\":\"700\"}"));
    all.put(
        "POST /beta/referral_customers/refunds",
        List.of("/beta/referral_customers/refunds", "{\"refund_amount\":100}"));
    all.put(
        "POST /beta/referral_customers/payment_method",
        List.of(
            "/beta/referral_customers/payment_method",
            "{\"payment_method\":{\"stripe_customer_id\":\"cus_1\","
                + "\"payment_method_reference\":\"pm_card_none\"}}"));
    all.put("POST /beta/setup_intents", List.of("/beta/setup_intents", "{}"));
    all.put(
        "POST /beta/financial_connections_sessions",
        List.of("/beta/financial_connections_sessions", "{}"));
    all.put(
        "POST /v2/referral_customers",
        List.of("/v2/referral_customers", String.format(customer, "one", "5551")));
    all.put(
        "POST /beta/referral_customers",
        List.of("/beta/referral_customers", String.format(customer, "two", "5552")));
    return all;
  }

  static List<String> routes() {
    return server.routes().all().stream()
        .filter(route -> route.method().equals("POST"))
        .filter(
            route -> route.access() == Access.ANY_KEY || route.access() == Access.PRODUCTION_KEY)
        .map(Route::name)
        .toList();
  }

  @ParameterizedTest
  @MethodSource("routes")
  void everyPostIsCarriedOutOnceAndAnsweredAlike(String route) {
    List<String> request = java.util.Objects.requireNonNull(requests().get(route), route);
    TestClient as = route.equals("POST /v2/events") ? server.as(partner.testKey()) : client;
    server.time().advance(Duration.ofMillis(5));
    String key = route;
    Reply first = post(as, request.get(0), request.get(1), key);
    assertThat(first.status()).as(first.body()).isIn(200, 201, 202, 422);
    assertThat(first.header(REPLAYED)).isEmpty();
    server.numberEvents();
    List<String> after = counts();

    Reply second = post(as, request.get(0), request.get(1), key);
    assertThat(second.status()).as(second.body()).isEqualTo(first.status());
    assertThat(second.body()).isEqualTo(first.body());
    assertThat(second.header(REPLAYED)).isEqualTo("true");
    assertThat(second.header("Content-Type")).isEqualTo(first.header("Content-Type"));
    assertThat(counts()).isEqualTo(after);
  }
}
