package postern.main;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import postern.core.ErrorCode;
import postern.http.Route;
import postern.main.TestClient.Reply;
import postern.main.TestServer.Account;

class OpenApiTest {
  private static TestServer server;
  private static Account parent;
  private static TestClient client;
  private static Map<?, ?> document = Map.of();

  @BeforeAll
  static void start() {
    server = TestServer.start();
    parent = server.account();
    client = server.as(parent.productionKey());
    document = (Map<?, ?>) Objects.requireNonNull(server.as(null).get("/openapi.json").json());
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static Map<String, Map<?, ?>> operations() {
    Map<String, Map<?, ?>> operations = new TreeMap<>();
    ApiPage.map(document, "paths")
        .forEach(
            (path, methods) ->
                ((Map<?, ?>) methods)
                    .forEach(
                        (method, operation) ->
                            operations.put(
                                method.toString().toUpperCase(Locale.ROOT) + " " + path,
                                (Map<?, ?>) operation)));
    return operations;
  }

  /** The pages of the web side are for people: they are not in it. */
  private static boolean isOfTheApi(Route route) {
    return Stream.of("/v2", "/beta", "/docs", "/openapi.json", "/logo.svg")
        .anyMatch(route.path()::startsWith);
  }

  @Nested
  class TheDocument {
    @Test
    void namesEveryRouteAndNothingElse() {
      Set<String> routes =
          server.routes().all().stream()
              .filter(OpenApiTest::isOfTheApi)
              .map(Route::name)
              .collect(Collectors.toSet());
      assertThat(operations().keySet()).containsExactlyInAnyOrderElementsOf(routes);
    }

    @Test
    void saysOfEveryOperationWhatItDoesAndAnswers() {
      operations()
          .forEach(
              (name, operation) -> {
                assertThat(ApiPage.text(operation, "summary")).as(name).isNotBlank();
                assertThat(ApiPage.text(operation, "description")).as(name).isNotBlank();
                assertThat(ApiPage.map(operation, "responses")).as(name).isNotEmpty();
              });
    }

    @Test
    void givesEveryOperationAnIdOfItsOwn() {
      assertThat(operations().values())
          .extracting(operation -> ApiPage.text(operation, "operationId"))
          .doesNotHaveDuplicates()
          .doesNotContain("");
    }

    @Test
    void namesOnlyCodesThatExistWithTheirStatus() {
      Set<String> known =
          List.of(ErrorCode.values()).stream()
              .map(code -> code.status() + " " + code.code())
              .collect(Collectors.toSet());
      operations()
          .forEach(
              (name, operation) ->
                  ApiPage.map(operation, "responses")
                      .forEach(
                          (status, answer) ->
                              ApiPage.list(
                                      ApiPage.resolved(document, (Map<?, ?>) answer),
                                      "x-postern-codes")
                                  .forEach(
                                      code ->
                                          assertThat(known)
                                              .as(name)
                                              .contains(status + " " + code))));
    }
  }

  @Nested
  class AnswersFit {
    @Test
    void theSchemasOfUsers() {
      Reply child = client.post("/v2/users", "{\"name\":\"Ada\"}");
      assertFits("ChildUser", child.json());
      assertFits("User", client.get("/v2/users").json());
      assertFits("ChildUser", client.get("/v2/users/" + child.text("id")).json());
      assertFits("ChildPage", client.get("/v2/users/children").json());
    }

    @Test
    void theSchemasOfDeletedChildren() {
      String id = client.post("/v2/users", "{\"name\":\"Leaver\"}").text("id");
      client.delete("/v2/users/" + id);
      Reply deleted = client.get("/v2/users/children?deleted=true");
      assertThat(deleted.list("children")).isNotEmpty();
      assertFits("ChildPage", deleted.json());
    }

    @Test
    void theSchemasOfKeys() {
      client.post("/v2/users", "{\"name\":\"Ben\"}");
      assertFits("ApiKey", client.post("/v2/api_keys", "{\"mode\":\"test\"}").json());
      assertFits("ApiKeyTree", client.get("/v2/api_keys").json());
      assertFits("ApiKeyPage", client.get("/v2/users/" + parent.id() + "/api_keys").json());
    }

    @Test
    void theSchemasOfMoney() {
      TestClient partner = server.as(server.partner().productionKey());
      Reply customer =
          partner.post(
              "/v2/referral_customers",
              "{\"user\":{\"name\":\"R\",\"email\":\"fits@example.com\",\"phone\":\"1\"}}");
      assertFits("User", customer.json());
      assertFits("ReferralPage", partner.get("/v2/referral_customers").json());
      TestClient caller = server.as(customer.text("api_keys.1.key"));
      String card = "{\"credit_card\":{\"payment_method_id\":\"pm_card_visa\"}}";
      Reply method = caller.post("/v2/credit_cards", card);
      assertFits("PaymentMethod", method.json());
      assertFits("PaymentMethods", caller.get("/v2/payment_methods").json());
      caller.post("/v2/credit_cards/" + method.text("id") + "/charges", "{\"amount\":500}");
      assertFits("Charge", caller.post("/v2/charges", "{\"charge\":{\"amount\":1}}").json());
      assertFits("LedgerPage", caller.get("/v2/ledger").json());
      String statement = "/v2/users/" + customer.text("id") + "/statement?month=";
      String month = server.time().instant().toString().substring(0, 7);
      assertFits("Statement", caller.get(statement + month).json());
      Reply refund = caller.post("/beta/referral_customers/refunds", "{\"refund_amount\":100}");
      assertFits("Refunded", refund.json());
      assertFits("ClientSecret", caller.post("/beta/setup_intents", null).json());
    }

    @Test
    void theSchemasOfEventsAndWebhooks() {
      TestClient test = server.as(parent.testKey());
      Reply hook = test.post("/v2/webhooks", "{\"url\":\"http://127.0.0.1:9/\"}");
      assertFits("Webhook", hook.json());
      assertFits("WebhookList", test.get("/v2/webhooks").json());
      Reply event = test.post("/v2/events", "{\"event\":{\"description\":\"batch.created\"}}");
      assertFits("DeliveredEvent", event.json());
      assertFits("Event", test.get("/v2/events/" + event.text("id")).json());
      assertFits("EventPage", test.get("/v2/events").json());
      assertFits("EventFeed", test.get("/v2/events/feed").json());
      assertFits("AuditPage", client.get("/v2/audit_log").json());
    }

    @Test
    void theSchemaOfBrands() {
      assertFits("Brand", client.get("/v2/users/" + parent.id() + "/brand").json());
    }

    @Test
    void theSchemaOfErrors() {
      assertFits("Error", client.get("/v2/users/user_0").json());
      Reply invalid = client.post("/v2/users", "{\"name\":7}");
      assertThat(invalid.status()).isEqualTo(422);
      assertFits("Error", invalid.json());
    }

    private static void assertFits(String schema, @Nullable Object value) {
      Map<?, ?> found = ApiPage.map(ApiPage.map(document, "components"), "schemas");
      assertThat(found.containsKey(schema)).as(schema).isTrue();
      assertFits(schema, ApiPage.map(found, schema), value);
    }

    private static void assertFits(String where, Map<?, ?> given, @Nullable Object value) {
      Map<?, ?> schema = ApiPage.resolved(document, given);
      if (Boolean.TRUE.equals(schema.get("additionalProperties"))) {
        assertThat(value).as(where).isInstanceOf(Map.class);
      } else if (value instanceof Map<?, ?> members) {
        Map<?, ?> properties = ApiPage.map(schema, "properties");
        assertThat(properties.keySet().containsAll(members.keySet()))
            .as("%s describes %s", where, members.keySet())
            .isTrue();
        assertThat(members.keySet().containsAll(ApiPage.list(schema, "required")))
            .as("%s has all that it must have: %s", where, members.keySet())
            .isTrue();
        members.forEach(
            (name, inner) ->
                assertFits(where + "." + name, ApiPage.map(properties, name.toString()), inner));
      } else if (value instanceof List<?> elements) {
        elements.forEach(each -> assertFits(where + "[]", ApiPage.map(schema, "items"), each));
      } else if (schema.containsKey("enum")) {
        assertThat(ApiPage.list(schema, "enum").contains(value)).as(where).isTrue();
      } else if (schema.containsKey("const")) {
        assertThat(value).as(where).isEqualTo(schema.get("const"));
      } else {
        assertThat(typesIn(schema)).as(where).contains(typeOf(value));
      }
    }

    private static List<String> typesIn(Map<?, ?> schema) {
      return schema.get("type") instanceof List<?> types
          ? types.stream().map(String::valueOf).toList()
          : List.of(ApiPage.text(schema, "type"));
    }

    private static String typeOf(@Nullable Object value) {
      return switch (value) {
        case null -> "null";
        case String text -> "string";
        case Boolean flag -> "boolean";
        default -> "number";
      };
    }
  }

  @Nested
  class ThePage {
    @Test
    void showsEveryOperation() {
      Reply page = server.as(null).get("/docs");
      assertThat(page.status()).isEqualTo(200);
      assertThat(page.header("Content-Type")).startsWith("text/html");
      operations()
          .values()
          .forEach(
              operation ->
                  assertThat(page.body())
                      .contains("id=\"" + ApiPage.text(operation, "operationId") + "\""));
    }

    @Test
    void hasAStyleSheetAndNoScript() {
      assertThat(server.as(null).get("/docs.css").header("Content-Type")).startsWith("text/css");
      assertThat(server.as(null).get("/docs").body()).doesNotContain("<script");
    }
  }
}
