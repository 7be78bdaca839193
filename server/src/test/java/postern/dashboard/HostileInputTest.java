package postern.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import postern.main.RouteTest;
import postern.main.TestClient.Reply;
import postern.main.TestServer;
import postern.main.TestServer.Account;

/**
 * A hundred malformed or hostile inputs for every form: no 500, and no markup of theirs in a page.
 */
class HostileInputTest {
  private static final int INPUTS = 100;
  private static final String PASSWORD = "four words are enough";
  private static final List<String> NASTY =
      List.of(
          "<script>alert(1)</script>",
          "\"><img src=x onerror=alert(1)>",
          "' onmouseover='alert(1)",
          "</title><svg/onload=alert(1)>",
          "javascript:alert(1)",
          "//evil.example/",
          "/\\evil.example",
          "../../../../etc/passwd",
          "'; drop table users; --",
          "\" or 1=1 --",
          "%00",
          "\u0000",
          "\u0007\u001b[31m",
          "\ud800",
          "\u202e\u2066override",
          "a\r\nSet-Cookie: x=y",
          "${7*7}#{7*7}{{7*7}}",
          "@`${1}`",
          "-1",
          "1e400",
          "9".repeat(400),
          "NaN",
          "0x10",
          "2026-13-45T99:99",
          "user_" + "0".repeat(32),
          "ak_zzz",
          "é".repeat(3_000),
          "a".repeat(100_000),
          "💥".repeat(300),
          " ",
          "");

  @SuppressWarnings("NullAway.Init")
  private static TestServer server;

  @SuppressWarnings("NullAway.Init")
  private static Account parent;

  @SuppressWarnings("NullAway.Init")
  private static Account child;

  @BeforeAll
  static void start() {
    server = TestServer.start(Map.of("signup.mode", "open", "mail.capture", "true"));
    parent = server.account(Optional.of(PASSWORD));
    Reply made = server.as(parent.productionKey()).post("/v2/users", "{\"user\":{\"name\":\"C\"}}");
    child = new Account(made.text("id"), made.text("api_keys.0.key"), "", "");
    session = String.valueOf(Visitor.loggedIn(server, parent.email(), PASSWORD).cookie());
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  /** One session for all: wrong passwords are counted, and would stop later log-ins. */
  private static String session = "";

  /** The path of each form, and its fields. */
  private static Map<String, List<String>> forms() {
    Map<String, List<String>> forms = new HashMap<>();
    String key =
        server
            .as(parent.productionKey())
            .get("/v2/users/" + child.id() + "/api_keys")
            .text("api_keys.0.id");
    String hook =
        server
            .as(parent.productionKey())
            .post("/v2/webhooks", "{\"url\":\"http://127.0.0.1:9/x\"}")
            .text("id");
    forms.put("/log-in", List.of("email", "password", "next"));
    forms.put("/log-in/code", List.of("code", "next"));
    forms.put("/sign-up", List.of("name", "email", "password"));
    forms.put("/forgot-password", List.of("email"));
    forms.put("/invitation/" + server.invite("guest@example.com"), List.of("name", "password"));
    forms.put(
        "/reset-password/" + server.resetLink(server.account(Optional.of(PASSWORD)).email()),
        List.of("password"));
    forms.put("/confirm", List.of("password", "next"));
    forms.put("/keys", List.of("name", "mode"));
    forms.put("/children/" + child.id() + "/keys", List.of("name", "mode"));
    forms.put("/keys/" + key + "/rename", List.of("name"));
    forms.put("/children", List.of("name", "email"));
    forms.put(
        "/children/" + child.id() + "/change", List.of("name", "spend_limit", "spend_period"));
    forms.put("/children/" + child.id() + "/delete", List.of("typed_name"));
    forms.put("/webhooks", List.of("url", "webhook_secret", "include_children", "mode"));
    forms.put("/webhooks/" + hook + "/change", List.of("webhook_secret", "include_children"));
    forms.put("/webhooks/" + hook + "/replay", List.of("since"));
    forms.put(
        "/billing/recharge",
        List.of("recharge_amount", "secondary_recharge_amount", "recharge_threshold"));
    forms.put("/billing/fund", List.of("amount", "method"));
    forms.put("/billing/methods", List.of("reference", "priority"));
    forms.put("/profile/name", List.of("name"));
    forms.put("/profile/email", List.of("email", "email_password"));
    forms.put("/profile/password", List.of("current_password", "new_password"));
    forms.put("/profile/second-factor", List.of("code"));
    forms.put("/profile/second-factor/disable", List.of("factor_password", "factor_code"));
    // Forms that are sent by GET.
    forms.put("GET /children", List.of("q", "before", "deleted", "done"));
    forms.put("GET /events", List.of("description", "mode", "before", "done"));
    forms.put(
        "GET /audit",
        List.of("actor", "action", "object", "start_datetime", "end_datetime", "before_id"));
    forms.put("GET /billing", List.of("before"));
    forms.put("GET /billing/methods/given", List.of("visit", "priority"));
    forms.put("GET /log-in", List.of("next", "done"));
    return forms;
  }

  @TestFactory
  List<DynamicTest> everyForm() {
    long seed = System.nanoTime();
    List<DynamicTest> tests = new ArrayList<>();
    forms()
        .forEach(
            (form, fields) ->
                tests.add(
                    DynamicTest.dynamicTest(
                        form + " with seed " + seed, () -> attack(form, fields, seed))));
    return tests;
  }

  private static void attack(String form, List<String> fields, long seed) {
    Random random = new Random(seed ^ form.hashCode());
    boolean isOpen = form.matches("(GET )?/(log-in|sign-up|forgot-|invitation|reset-).*");
    Visitor visitor = new Visitor(server);
    visitor.setCookie(isOpen ? null : session);
    visitor.get(isOpen ? "/log-in" : "/keys");
    for (int i = 0; i < INPUTS; i++) {
      Map<String, String> given = new HashMap<>();
      for (String field : fields) {
        if (random.nextInt(8) > 0) {
          given.put(random.nextInt(12) == 0 ? field + "[x][]" : field, nasty(random));
        }
      }
      Reply reply =
          form.startsWith("GET ")
              ? visitor.get(form.substring(4) + "?" + Visitor.encoded(shortened(given)))
              : visitor.post(form, given);
      assertThat(reply.status()).as("%s %s: %s", form, given, reply.body()).isLessThan(500);
      assertThat(reply.body()).as("%s %s", form, given).doesNotContain(markup());
      assertThat(reply.header("Location")).doesNotContain("evil", "javascript:");
      assertThat(reply.response().headers().allValues("Set-Cookie"))
          .noneMatch(cookie -> cookie.startsWith("x="));
    }
  }

  private static String nasty(Random random) {
    String one = NASTY.get(random.nextInt(NASTY.size()));
    return random.nextBoolean() ? one : one + NASTY.get(random.nextInt(NASTY.size()));
  }

  /** An address has less room than a body. */
  private static Map<String, String> shortened(Map<String, String> given) {
    Map<String, String> all = new HashMap<>();
    given.forEach(
        (name, value) -> all.put(name, value.substring(0, Math.min(value.length(), 200))));
    return all;
  }

  /** What must never stand in a page as it was sent. */
  private static String[] markup() {
    return new String[] {
      "<script>alert", "<img src=x", "<svg/onload", "href=\"javascript:", "action=\"javascript:"
    };
  }

  @org.junit.jupiter.api.Test
  void whatIsNoFormAtAll() {
    Visitor visitor = new Visitor(server);
    visitor.setCookie(session);
    visitor.get("/keys");
    for (String body :
        List.of(
            "form_token=" + visitor.formToken() + "&name=%",
            "form_token=" + visitor.formToken() + "&name=%zz&mode=test",
            "=".repeat(2_000),
            "a[b".repeat(100),
            "a=1&".repeat(1_500),
            "\u0000\u0001\u0002",
            "{\"name\":",
            "form_token=" + visitor.formToken() + "&form_token[]=x")) {
      Reply reply = visitor.send("POST", "/keys", body);
      assertThat(reply.status()).as(body).isBetween(400, 499);
    }
    assertThat(
            RouteTest.rows(server, "select 1 from users where id = ?", RouteTest.uuid(parent.id())))
        .hasSize(1);
  }
}
