package postern.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import postern.http.Access;
import postern.http.Route;
import postern.main.RouteTest;
import postern.main.TestClient.Reply;
import postern.main.TestServer.Account;

/**
 * Every page and every form: what its owner, another family's owner and nobody in particular get.
 */
@Tag("storage")
class PagesMatrixTest extends RouteTest {
  private static final String PASSWORD = "four words are enough";
  private static final String STATE =
      "select md5(string_agg(t, '' order by t)) from ("
          // Not when keys were used, and since when webhooks fail: that goes on meanwhile.
          + "select u::text as t from users u union all select concat(id, name, active) from api_keys"
          + " union all select concat(id, url, custom_headers, include_children) from webhooks"
          + " union all select m::text from payment_methods m union all select p::text from people p"
          + ") as everything";

  /** A form and what its owner gets for it; for a page the fields are empty. */
  private record Row(Map<String, String> fields, int owner) {}

  @SuppressWarnings("NullAway.Init")
  private static Family shared;

  @BeforeAll
  static void makeFamily() {
    shared = new Family();
  }

  private static final Map<String, Row> ROWS = rows();

  private static Map<String, Row> rows() {
    Map<String, Row> rows = new LinkedHashMap<>();
    for (String page :
        List.of(
            "/confirm",
            "/overview",
            "/keys",
            "/keys/{id}",
            "/children",
            "/children/{id}",
            "/webhooks",
            "/webhooks/{id}",
            "/events",
            "/events/{id}",
            "/billing",
            "/billing/statements/{id}",
            "/audit",
            "/audit/export",
            "/profile",
            "/profile/second-factor",
            "/developers")) {
      rows.put("GET " + page, new Row(Map.of(), 200));
    }
    putForms(rows);
    putProfile(rows);
    rows.put("GET /change-email/{token}", new Row(Map.of(), 404));
    rows.put("POST /change-email/{token}", new Row(Map.of(), 404));
    return rows;
  }

  private static void putForms(Map<String, Row> rows) {
    // The sandbox has no page of its own: there was no visit.
    rows.put("GET /billing/methods/given", new Row(Map.of(), 422));
    rows.put("POST /confirm", new Row(Map.of("password", PASSWORD), 303));
    rows.put("POST /keys", new Row(Map.of("mode", "test"), 303));
    rows.put("POST /keys/{id}/reveal", new Row(Map.of(), 200));
    rows.put("POST /keys/{id}/rename", new Row(Map.of("name", "Renamed"), 303));
    rows.put("POST /keys/{id}/enable", new Row(Map.of(), 303));
    rows.put("POST /keys/{id}/disable", new Row(Map.of(), 303));
    rows.put("POST /keys/{id}/delete", new Row(Map.of(), 303));
    rows.put("POST /children/{id}/keys", new Row(Map.of("mode", "production"), 303));
    rows.put("POST /children", new Row(Map.of("name", "Another"), 303));
    rows.put(
        "POST /children/{id}/change",
        new Row(Map.of("name", "Changed", "spend_limit", "", "spend_period", "day"), 303));
    rows.put("POST /children/{id}/delete", new Row(Map.of("typed_name", "A child"), 303));
    rows.put("POST /children/{id}/restore", new Row(Map.of(), 303));
    rows.put("POST /webhooks", new Row(Map.of("url", "http://127.0.0.1:9/h"), 303));
    rows.put("POST /webhooks/{id}/change", new Row(Map.of("include_children", "on"), 303));
    rows.put("POST /webhooks/{id}/replay", new Row(Map.of("since", "2026-01-01T00:00"), 303));
    rows.put("POST /webhooks/{id}/delete", new Row(Map.of(), 303));
    rows.put("POST /events/{id}/deliver", new Row(Map.of(), 303));
    rows.put("POST /billing/recharge", new Row(Map.of("recharge_amount", "10"), 303));
    rows.put("POST /billing/fund", new Row(Map.of("amount", "10", "method", "{method}"), 303));
    rows.put(
        "POST /billing/methods",
        new Row(Map.of("reference", "pm_card_visa", "priority", "secondary"), 303));
    rows.put("POST /billing/methods/{id}/delete", new Row(Map.of(), 303));
  }

  private static void putProfile(Map<String, Row> rows) {
    rows.put("POST /profile/name", new Row(Map.of("name", "Another name"), 303));
    rows.put(
        "POST /profile/email",
        new Row(Map.of("email", "new@example.com", "email_password", PASSWORD), 303));
    rows.put("POST /profile/verification", new Row(Map.of(), 303));
    rows.put(
        "POST /profile/password",
        new Row(Map.of("current_password", PASSWORD, "new_password", "other words here"), 303));
    rows.put("POST /profile/second-factor", new Row(Map.of("code", "000000"), 422));
    rows.put("POST /profile/second-factor/disable", new Row(Map.of(), 422));
    rows.put("POST /profile/recovery-codes", new Row(Map.of(), 404));
    rows.put("POST /profile/sessions/{id}/end", new Row(Map.of(), 303));
    rows.put("POST /profile/sessions/end", new Row(Map.of(), 303));
  }

  private static List<Route> pages() {
    return server().routes().all().stream()
        .filter(route -> route.access() == Access.SESSION)
        .toList();
  }

  @Test
  void hasARowForEveryPageAndAPageForEveryRow() {
    assertThat(pages()).extracting(Route::name).containsExactlyInAnyOrderElementsOf(ROWS.keySet());
  }

  @TestFactory
  List<DynamicTest> answers() {
    List<DynamicTest> tests = new ArrayList<>();
    for (Route route : pages()) {
      Row row = ROWS.getOrDefault(route.name(), new Row(Map.of(), 0));
      tests.add(
          DynamicTest.dynamicTest(
              route.name() + " by its owner",
              () -> {
                Family family = route.method().equals("GET") ? shared : new Family();
                Reply reply = family.send(family.owner, route, row);
                assertThat(reply.status()).as(reply.body()).isEqualTo(row.owner);
              }));
      tests.add(DynamicTest.dynamicTest(route.name() + " by nobody", () -> byNobody(route, row)));
      if (route.method().equals("POST")) {
        tests.add(
            DynamicTest.dynamicTest(
                route.name() + " without its token", () -> withoutToken(route, row)));
      }
      if (route.path().contains("{id}")) {
        tests.add(
            DynamicTest.dynamicTest(route.name() + " by a stranger", () -> byStranger(route, row)));
      }
    }
    return tests;
  }

  private static void byNobody(Route route, Row row) {
    List<String> before = rows(server(), STATE);
    Reply reply = shared.send(new Visitor(server()), route, row);
    assertThat(reply.status()).isEqualTo(303);
    assertThat(reply.header("Location")).startsWith("/log-in");
    assertThat(rows(server(), STATE)).isEqualTo(before);
  }

  /** As another site would have it sent: the cookie comes, the token cannot be known. */
  private static void withoutToken(Route route, Row row) {
    List<String> before = rows(server(), STATE);
    String path = shared.path(route);
    assertThat(shared.owner.postBare(path, shared.fields(row)).status()).isEqualTo(403);
    Map<String, String> wrong = new java.util.HashMap<>(shared.fields(row));
    wrong.put("form_token", shared.stranger.formToken());
    assertThat(shared.owner.postBare(path, wrong).status()).isEqualTo(403);
    assertThat(rows(server(), STATE)).isEqualTo(before);
  }

  private static void byStranger(Route route, Row row) {
    List<String> before = rows(server(), STATE);
    Reply reply = shared.send(shared.stranger, route, row);
    assertThat(reply.status()).as(reply.body()).isEqualTo(404);
    assertThat(reply.body()).doesNotContain("A child", shared.child.id(), shared.parent.id());
    assertThat(rows(server(), STATE)).isEqualTo(before);
  }

  @Test
  void aStrangerSeesNothingOfItInItsOwnPages() {
    for (Route route : pages()) {
      int owner = ROWS.getOrDefault(route.name(), new Row(Map.of(), 0)).owner;
      if (route.method().equals("GET") && !route.path().contains("{id}") && owner == 200) {
        Reply reply = shared.stranger.get(route.path() + "?q=child");
        assertThat(reply.status()).as(route.name()).isEqualTo(200);
        assertThat(reply.body())
            .as(route.name())
            .doesNotContain("A child", shared.child.id(), shared.parent.id(), shared.hook);
      }
    }
  }

  @Test
  void aStrangersPaymentMethodCannotBePaidFrom() {
    shared.stranger.get("/billing");
    Reply paid =
        shared.stranger.post("/billing/fund", Map.of("amount", "10", "method", shared.method));
    assertThat(paid.status()).isEqualTo(422);
  }

  /** An account with one of everything, and a stranger beside it. */
  private static final class Family {
    private final Account parent = server().account(Optional.of(PASSWORD));
    private final Account child = child(parent);
    private final Visitor owner = Visitor.loggedIn(server(), parent.email(), PASSWORD);
    private final Visitor stranger =
        Visitor.loggedIn(server(), server().account(Optional.of(PASSWORD)).email(), PASSWORD);
    private final String key = keyId(child, "test");
    private final String hook =
        as(parent).post("/v2/webhooks", "{\"url\":\"http://127.0.0.1:9/x\"}").text("id");
    private final String event = as(child).get("/v2/events").text("events.0.id");
    private final String method =
        as(parent)
            .post("/v2/credit_cards", "{\"credit_card\":{\"payment_method_id\":\"pm_card_visa\"}}")
            .text("id");
    private final String session;

    Family() {
      Visitor.loggedIn(server(), parent.email(), PASSWORD);
      session =
          "session_"
              + rows(
                      server(),
                      "select replace(s.id::text, '-', '') from sessions s join people p on p.id ="
                          + " s.person_id where p.email = ? order by s.created_at desc, s.id desc",
                      parent.email())
                  .getFirst();
      owner.get("/profile");
      stranger.get("/profile");
    }

    Reply send(Visitor visitor, Route route, Row row) {
      return route.method().equals("GET")
          ? visitor.get(path(route))
          : visitor.post(path(route), fields(row));
    }

    Map<String, String> fields(Row row) {
      Map<String, String> fields = new LinkedHashMap<>();
      row.fields.forEach((name, value) -> fields.put(name, value.replace("{method}", method)));
      return fields;
    }

    String path(Route route) {
      String path =
          route.path().replace("{token}", "x".repeat(43)).replace("{id}", objectOf(route.path()));
      return path.startsWith("/billing/statements") ? path + "?month=2026-11" : path;
    }

    private String objectOf(String path) {
      return switch (path.split("/", -1)[1]) {
        case "keys" -> key;
        case "webhooks" -> hook;
        case "events" -> event;
        case "profile" -> session;
        case "billing" -> path.contains("methods") ? method : child.id();
        default -> child.id();
      };
    }
  }
}
