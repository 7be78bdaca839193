package postern.main;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import postern.http.Access;
import postern.http.Route;
import postern.main.TestClient.Reply;
import postern.main.TestServer.Account;

/**
 * Every route of the server against every kind of caller. The object of a route is a child of a
 * family, or that child's key; where a route has no object, it is the caller itself.
 */
@Tag("storage")
class IsolationMatrixTest extends RouteTest {
  /** The columns: what the parent, the child itself, its sibling and a stranger get. */
  private record Row(String body, int parent, int child, int sibling, int stranger) {}

  /** Nobody listens there: what is delivered is another test's matter. */
  private static final String HOOK = "{\"url\":\"http://127.0.0.1:9/\"}";

  /** A route without a row fails: add its row when you add a route. */
  private static final Map<String, Row> ROWS = rows();

  /**
   * Every row of every table, but for what is noted beside requests: the last use of keys, the
   * places of events in the feed, and how webhooks fare.
   */
  private static final String STATE =
      Stream.of(
              "users",
              "api_keys",
              "brands",
              "user_contacts",
              "wallets",
              "ledger_entries",
              "payment_methods",
              "events",
              "webhooks")
          .map(
              table ->
                  "select (to_jsonb(t) - 'last_used_at' - 'position' - 'failing_since')::text from "
                      + table
                      + " t")
          .collect(Collectors.joining(" union all ", "", " order by 1"));

  private static Map<String, Row> rows() {
    Map<String, Row> rows = new LinkedHashMap<>();
    String name = "{\"user\":{\"name\":\"Changed\"}}";
    String look = "{\"brand\":{\"color\":\"#123456\"}}";
    String event = "{\"event\":{\"description\":\"tracker.updated\"}}";
    String mode = "{\"mode\":\"test\"}";
    rows.put("GET /v2/users", new Row("", 200, 200, 200, 200));
    rows.put("POST /v2/users", new Row(name, 201, 403, 403, 201));
    rows.put("PUT /v2/users", new Row(name, 200, 200, 200, 200));
    rows.put("PATCH /v2/users", new Row(name, 200, 200, 200, 200));
    rows.put("GET /v2/users/{id}", new Row("", 200, 200, 404, 404));
    rows.put("PUT /v2/users/{id}", new Row(name, 200, 200, 404, 404));
    rows.put("PATCH /v2/users/{id}", new Row(name, 200, 200, 404, 404));
    rows.put("DELETE /v2/users/{id}", new Row("", 204, 403, 404, 404));
    rows.put("POST /v2/users/{id}/restore", new Row("", 200, 404, 404, 404));
    rows.put("GET /v2/users/children", new Row("", 200, 200, 200, 200));
    rows.put("GET /beta/users/children", new Row("", 200, 200, 200, 200));
    rows.put("GET /v2/users/{id}/children", new Row("", 200, 200, 404, 404));
    rows.put("GET /v2/users/{id}/brand", new Row("", 200, 200, 404, 404));
    rows.put("PUT /v2/users/{id}/brand", new Row(look, 200, 200, 404, 404));
    rows.put("PATCH /v2/users/{id}/brand", new Row(look, 200, 200, 404, 404));
    rows.put("GET /v2/api_keys", new Row("", 200, 200, 200, 200));
    rows.put("POST /v2/api_keys", new Row(mode, 201, 201, 201, 201));
    rows.put("GET /v2/users/{id}/api_keys", new Row("", 200, 200, 404, 404));
    rows.put("GET /beta/users/{id}/api_keys", new Row("", 200, 200, 404, 404));
    rows.put("POST /v2/users/{id}/api_keys", new Row(mode, 201, 201, 404, 404));
    rows.put("POST /v2/api_keys/{id}/enable", new Row("", 200, 200, 404, 404));
    rows.put("POST /v2/api_keys/{id}/disable", new Row("", 200, 200, 404, 404));
    rows.put("DELETE /v2/api_keys/{id}", new Row("", 204, 204, 404, 404));
    // Made with a test key only; what the others get does not depend on whom they ask about.
    rows.put("POST /v2/events", new Row(event, 403, 403, 403, 403));
    rows.put("GET /v2/events", new Row("", 200, 200, 200, 200));
    rows.put("GET /v2/events/feed", new Row("", 200, 200, 200, 200));
    rows.put("GET /v2/events/{id}", new Row("", 200, 200, 404, 404));
    rows.put("GET /v2/audit_log", new Row("", 200, 403, 403, 200));
    rows.put("POST /v2/events/{id}/deliver", new Row("", 202, 202, 404, 404));
    rows.put("GET /v2/events/{id}/payloads", new Row("", 200, 200, 404, 404));
    rows.put("GET /v2/events/{id}/payloads/{payload_id}", new Row("", 404, 404, 404, 404));
    // A webhook is its user's alone: it may tell of secrets that a parent need not know.
    rows.put("GET /v2/webhooks", new Row("", 200, 200, 200, 200));
    rows.put("POST /v2/webhooks", new Row(HOOK, 201, 201, 201, 201));
    rows.put("GET /v2/webhooks/{id}", new Row("", 404, 200, 404, 404));
    rows.put("PUT /v2/webhooks/{id}", new Row("{}", 404, 201, 404, 404));
    rows.put("PATCH /v2/webhooks/{id}", new Row("{}", 404, 201, 404, 404));
    rows.put("DELETE /v2/webhooks/{id}", new Row("", 404, 200, 404, 404));
    String since = "{\"since\":\"2026-01-01\"}";
    rows.put("POST /v2/webhooks/{id}/replay", new Row(since, 404, 202, 404, 404));
    putMoney(rows);
    return rows;
  }

  /** The families have no money and are no partners; the first one's parent has a card. */
  private static void putMoney(Map<String, Row> rows) {
    // More than any recharge covers: nothing is staged for it.
    String charge = "{\"charge\":{\"amount\":\"50000\"}}";
    String card = "{\"credit_card\":{\"payment_method_id\":\"pm_card_visa\"}}";
    String adopt =
        "{\"payment_method\":{\"stripe_customer_id\":\"cus_sandbox_1\","
            + "\"payment_method_reference\":\"pm_card_none\"}}";
    String account =
        "{\"financial_connections_id\":\"fca_1\",\"account_holder_name\":\"A\","
            + "\"mandate_data\":{}}";
    String cents = "{\"amount\":\"100\"}";
    String email = "{\"user\":{\"email\":\"other@example.com\"}}";
    String customer =
        "{\"user\":{\"name\":\"R\",\"email\":\"r@example.com\",\"phone_number\":\"1\"}}";
    rows.put("POST /v2/charges", new Row(charge, 402, 402, 402, 402));
    rows.put("GET /v2/ledger", new Row("", 200, 200, 200, 200));
    rows.put(
        "GET /v2/users/{id}/statement", new Row("{\"month\":\"2026-11\"}", 200, 200, 404, 404));
    rows.put("GET /v2/payment_methods", new Row("", 200, 403, 403, 200));
    rows.put("POST /v2/credit_cards", new Row(card, 201, 403, 403, 201));
    rows.put("POST /beta/credit_cards", new Row(card, 201, 403, 403, 201));
    rows.put("POST /v2/bank_accounts", new Row(account, 201, 403, 403, 201));
    rows.put("POST /v2/credit_cards/{id}/charges", new Row(cents, 201, 403, 403, 404));
    rows.put("POST /v2/bank_accounts/{id}/charges", new Row(cents, 404, 403, 403, 404));
    rows.put("DELETE /v2/credit_cards/{id}", new Row("", 200, 403, 403, 404));
    rows.put("DELETE /v2/bank_accounts/{id}", new Row("", 404, 403, 403, 404));
    rows.put("POST /beta/referral_customers/payment_method", new Row(adopt, 422, 403, 403, 422));
    String refund = "{\"refund_amount\":100}";
    rows.put("POST /beta/referral_customers/refunds", new Row(refund, 422, 403, 403, 422));
    rows.put("POST /beta/setup_intents", new Row("", 200, 403, 403, 200));
    rows.put("POST /beta/financial_connections_sessions", new Row("", 201, 403, 403, 201));
    for (String root : List.of("/v2", "/beta")) {
      String path = root + "/referral_customers";
      rows.put("POST " + path, new Row(customer, 401, 401, 401, 401));
      rows.put("GET " + path, new Row("", 401, 401, 401, 401));
      rows.put("PUT " + path + "/{id}", new Row(email, 401, 401, 401, 401));
      rows.put("GET " + root + "/partners/stripe_public_key", new Row("", 401, 401, 401, 401));
    }
    rows.put("PUT /v2/referral_customers", new Row(email, 404, 404, 404, 404));
  }

  private static List<Route> guarded() {
    return server().routes().all().stream()
        .filter(
            route -> route.access() == Access.ANY_KEY || route.access() == Access.PRODUCTION_KEY)
        .toList();
  }

  @Test
  void hasARowForEveryRouteAndARouteForEveryRow() {
    assertThat(guarded())
        .extracting(Route::name)
        .containsExactlyInAnyOrderElementsOf(ROWS.keySet());
  }

  @Test
  void leavesNothingOpenButPagesAndTheFormsByWhichPeopleComeIn() {
    assertThat(server().routes().all())
        .filteredOn(route -> route.access() == Access.PUBLIC && !route.method().equals("GET"))
        .extracting(Route::name)
        .containsExactlyInAnyOrder(
            "POST /log-in",
            "POST /log-in/code",
            "POST /log-out",
            "POST /sign-up",
            "POST /sign-up/{token}",
            "POST /invitation/{token}",
            "POST /forgot-password",
            "POST /reset-password/{token}",
            "POST /verify/{token}",
            "POST /stop-email-change/{token}");
    assertThat(server().routes().all())
        .filteredOn(route -> route.path().startsWith("/v2") || route.path().startsWith("/beta"))
        .extracting(Route::access)
        .doesNotContain(Access.PUBLIC);
  }

  @TestFactory
  List<DynamicTest> answers() {
    List<DynamicTest> tests = new ArrayList<>();
    Families shared = new Families();
    for (Route route : guarded()) {
      Row row = ROWS.get(route.name());
      if (row == null) {
        tests.add(
            DynamicTest.dynamicTest(
                route.name() + " has a row", () -> assertThat(ROWS).containsKey(route.name())));
      } else {
        addTests(tests, shared, route, row);
      }
    }
    return tests;
  }

  private static void addTests(List<DynamicTest> tests, Families shared, Route route, Row row) {
    tests.add(test(shared, route, row, "parent", f -> f.parent, row.parent));
    tests.add(test(shared, route, row, "child", f -> f.child, row.child));
    tests.add(test(shared, route, row, "sibling", f -> f.sibling, row.sibling));
    tests.add(test(shared, route, row, "stranger", f -> f.stranger, row.stranger));
    tests.add(test(shared, route, row, "stranger's child", f -> f.cousin, row.sibling));
    if (route.access() == Access.PRODUCTION_KEY) {
      String testKey = shared.parent.testKey();
      tests.add(refusal(shared, route, row, "test key", testKey, 403, "MODE.UNAUTHORIZED"));
    }
    tests.add(refusal(shared, route, row, "disabled key", shared.disabled, 403, "APIKEY.INACTIVE"));
    tests.add(refusal(shared, route, row, "no key", null, 401, "UNAUTHORIZED"));
  }

  private static String key(Account account) {
    return account.productionKey();
  }

  /** All share two families, but for those after whom nothing is left to try others on. */
  private static DynamicTest test(
      Families shared,
      Route route,
      Row row,
      String name,
      Function<Families, Account> caller,
      int expected) {
    return DynamicTest.dynamicTest(
        route.name() + " by " + name,
        () -> {
          Families families = expected < 400 && spends(route) ? new Families() : shared;
          families.send(route, row, key(caller.apply(families)), expected);
        });
  }

  /** Whether the route leaves an object that others cannot be tried on. */
  private static boolean spends(Route route) {
    return route.method().equals("DELETE")
        || route.path().endsWith("/disable")
        || route.path().endsWith("/charges")
        || route.path().endsWith("/credit_cards")
        || route.path().endsWith("/bank_accounts")
        || route.path().endsWith("/payment_method");
  }

  private static boolean changes(Route route, int status) {
    return status < 400 && !route.method().equals("GET");
  }

  private static DynamicTest refusal(
      Families shared,
      Route route,
      Row row,
      String name,
      @Nullable String key,
      int status,
      String code) {
    return DynamicTest.dynamicTest(
        route.name() + " by " + name, () -> shared.refuse(route, row, key, status, code));
  }

  private static final String NO_PAYLOAD = "payload_" + "1".repeat(32);

  /** Two families that nobody has called yet. */
  private static final class Families {
    private final Account parent = server().account();
    private final Account child = child(parent);
    private final Account sibling = child(parent);
    private final Account stranger = server().account();
    private final Account cousin = child(stranger);
    private final String keyId = keyId(child, "test");
    private final String eventId = as(child).get("/v2/events").text("events.0.id");
    private final String webhookId = as(child).post("/v2/webhooks", HOOK).text("id");
    private final String methodId =
        as(parent)
            .post("/v2/credit_cards", "{\"credit_card\":{\"payment_method_id\":\"pm_card_visa\"}}")
            .text("id");
    private final String disabled;

    Families() {
      Reply key = as(parent).post("/v2/api_keys", "{\"mode\":\"production\"}");
      disabled = key.text("key");
      as(parent).post("/v2/api_keys/" + key.text("id") + "/disable", null);
    }

    void send(Route route, Row row, @Nullable String key, int expected) {
      List<String> before = state();
      Reply reply = request(route, row, key);
      assertThat(reply.status()).as(reply.body()).isEqualTo(expected);
      assertThat(reply.body()).doesNotContain(hidden(key));
      if (!changes(route, expected)) {
        assertThat(state()).isEqualTo(before);
      }
    }

    void refuse(Route route, Row row, @Nullable String key, int status, String code) {
      List<String> before = state();
      assertRefused(request(route, row, key), status, code);
      assertThat(state()).isEqualTo(before);
    }

    private Reply request(Route route, Row row, @Nullable String key) {
      String of = objectOf(route.path());
      String type = row.body.isEmpty() ? null : "application/json";
      String body = row.body.isEmpty() ? null : row.body;
      return server()
          .as(key)
          .send(
              route.method(),
              route.path().replace("{id}", of).replace("{payload_id}", NO_PAYLOAD),
              type,
              body,
              Map.of());
    }

    private String objectOf(String path) {
      if (path.startsWith("/v2/api_keys/")) {
        return keyId;
      }
      if (path.startsWith("/v2/credit_cards/") || path.startsWith("/v2/bank_accounts/")) {
        return methodId;
      }
      if (path.startsWith("/v2/events/")) {
        return eventId;
      }
      return path.startsWith("/v2/webhooks/") ? webhookId : child.id();
    }

    /** What the answer to a key must not hold: the other family's ids and keys. */
    private List<String> hidden(@Nullable String key) {
      boolean isOfOther =
          Objects.equals(key, stranger.productionKey())
              || Objects.equals(key, cousin.productionKey());
      return isOfOther
          ? List.of(parent.id(), child.id(), child.productionKey(), sibling.testKey())
          : List.of(stranger.id(), cousin.id(), cousin.productionKey());
    }

    private List<String> state() {
      return rows(server(), STATE);
    }
  }
}
