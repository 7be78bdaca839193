package postern.e2e;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** An account in which something has happened, so that its pages show something. */
final class Furnished {
  private final ApiClient client;
  private final ApiClient test;
  private final String child;
  private final String webhook;

  Furnished(DevServer server) throws Exception {
    client = server.production();
    test = server.as(server.fact("test_key"));
    client.post("/v2/credit_cards", "{\"credit_card\":{\"payment_method_id\":\"pm_card_visa\"}}");
    ApiClient.Reply created = created("Berlin branch");
    child = created.text("id");
    for (String name :
        new String[] {"Hamburg branch", "Kraków office", "A name that is long " + "x".repeat(60)}) {
      created(name);
    }
    ApiClient asChild = server.as(created.text("api_keys.1.key"));
    for (int i = 1; i <= 12; i++) {
      asChild.post(
          "/v2/charges",
          "{\"charge\":{\"amount\":\"" + i * 7 + ".25\",\"reference\":\"order-" + i + "\"}}");
    }
    webhook =
        client
            .post("/v2/webhooks", "{\"url\":\"http://127.0.0.1:9/hook\",\"include_children\":true}")
            .text("id");
    created("Wien branch");
    test.post(
        "/v2/events", "{\"event\":{\"description\":\"practice.begun\",\"result\":{\"id\":\"1\"}}}");
    Waiting.until(
        "an attempt",
        20,
        () -> !client.get("/v2/events/" + newestEvent() + "/payloads").list("payloads").isEmpty());
  }

  private ApiClient.Reply created(String name) throws IOException {
    return client.post("/v2/users", "{\"user\":{\"name\":\"" + name + "\"}}");
  }

  private String newestEvent() throws IOException {
    return client.get("/v2/events?page_size=1&include_children=true").text("events.0.id");
  }

  private String keyOf(String user) throws IOException {
    return client.get("/v2/users/" + user + "/api_keys").text("api_keys.1.id");
  }

  /** The pages, by the names of their pictures. */
  Map<String, String> paths() throws IOException {
    Map<String, String> paths = new LinkedHashMap<>();
    paths.put("overview", "/overview");
    paths.put("keys", "/keys");
    paths.put("key", "/keys/" + keyOf(child));
    paths.put("children", "/children");
    paths.put("children-found", "/children?q=branch");
    paths.put("children-none", "/children?q=nobody");
    paths.put("children-deleted", "/children?deleted=1");
    paths.put("child", "/children/" + child);
    paths.put("webhooks", "/webhooks");
    paths.put("webhook", "/webhooks/" + webhook + "?mode=production");
    paths.put("events", "/events");
    paths.put("event", "/events/" + newestEvent() + "?mode=production");
    paths.put("billing", "/billing");
    paths.put("audit", "/audit");
    paths.put("developers", "/developers");
    paths.put("profile", "/profile");
    paths.put("second-factor", "/profile/second-factor");
    paths.put("confirm", "/confirm?next=/keys");
    return paths;
  }
}
