package postern.webhooks.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import postern.main.RouteTest;
import postern.main.TestClient;
import postern.main.TestClient.Reply;
import postern.main.TestServer.Account;

/** {@code /v2/webhooks}: to make, change and delete them. */
class WebhooksTest extends RouteTest {
  private static final String URL = "https://example.com/hook";

  private final Account parent = server().account();

  private TestClient test() {
    return server().as(parent.testKey());
  }

  private Reply create(String members) {
    return test().post("/v2/webhooks", "{\"webhook\":{" + members + "}}");
  }

  private Reply create() {
    return create("\"url\":\"" + URL + "\",\"webhook_secret\":\"s\u00e9cret\"");
  }

  @Nested
  class Creation {
    @Test
    void answersAsRecordedAndNeverTheSecret() {
      Reply reply =
          create(
              "\"url\":\""
                  + URL
                  + "\",\"webhook_secret\":\"hush\",\"custom_headers\":[{\"name\":\"test\","
                  + "\"value\":\"header\"}]");
      assertThat(reply.status()).isEqualTo(201);
      assertThat(members(reply, ""))
          .containsExactly(
              "id", "object", "mode", "url", "created_at", "disabled_at", "custom_headers");
      assertThat(reply.text("id")).matches("hook_[0-9a-f]{32}");
      assertThat(reply.text("mode")).isEqualTo("test");
      assertThat(reply.text("custom_headers")).isEqualTo("[{name=test, value=header}]");
      assertThat(reply.body()).doesNotContain("hush");
      assertThat(rows("webhooks", "id = ?", uuid(reply.text("id"))).toString())
          .doesNotContain("hush");
    }

    @Test
    void takesEveryRecordedForm() {
      assertThat(test().post("/v2/webhooks", "{\"url\":\"" + URL + "\"}").text("url"))
          .isEqualTo(URL);
      assertThat(create("\"url\":\"example.com/2020\"").text("url"))
          .isEqualTo("http://example.com/2020");
      Reply form =
          test()
              .send(
                  "POST",
                  "/v2/webhooks",
                  "application/x-www-form-urlencoded",
                  "webhook[url]=http%3A%2F%2Fexample.com",
                  java.util.Map.of());
      assertThat(form.text("url")).isEqualTo("http://example.com");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "http://my_app:3000/h",
          "http://_x_/",
          "http://app-:80/h",
          "http://-app.local",
          "http://app.1a/h",
          "http://my_app.",
          "http://my_app?a=b",
          "https://127.0.0.1/h",
          "https://[::1]:8080/h"
        })
    void takesEveryHostThatANetworkMayHave(String url) {
      Reply reply = create("\"url\":\"" + url + "\"");
      assertThat(reply.status()).as(reply.body()).isEqualTo(201);
      assertThat(reply.text("url")).isEqualTo(url);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "http://app.1/h",
          "http://2130706433/",
          "http://127.1/",
          "http://0x7f000001/",
          "http://0x7f.1/",
          "http://0177.0.0.1/",
          "http://127.0.0.1./",
          "http://my_app:0/h",
          "http://my_app:70000/h",
          "http://my_app:/h",
          "http://my..app/h",
          "http://.my_app/h",
          "http://my%5Fapp/h",
          "http://my_app$/h",
          "http://my_app:80:80/h",
          "http://[::1/h",
          "http://@/h",
          "http:///h",
          "http://a@b@my_app /h"
        })
    void refusesHostsThatAreNoneOrThatReadersTakeForDifferentAddresses(String url) {
      assertRefused(create("\"url\":\"" + url + "\""), 422, "PARAMETER.INVALID");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "whsec_@@@",
          "whsec_",
          "whsec_YQ",
          "whsec_YQ=",
          "whsec_YR==",
          "whsec_YQ== ",
          "whsec_YQ==\\n",
          "whsec_--__",
          "whsec_YWJj YWJj",
          "whsec_YWJjYWJ",
          "whsec_\u00e9\u00e9\u00e9\u00e9"
        })
    void refusesSecretsThatLibrariesWouldReadDifferently(String secret) {
      String members = "\"webhook_secret\":\"" + secret + "\"";
      Reply refused = create("\"url\":\"" + URL + "\"," + members);
      assertRefused(refused, 422, "PARAMETER.INVALID");
      assertThat(refused.body()).contains("webhook_secret");
      String id = create().text("id");
      assertRefused(
          test().patch("/v2/webhooks/" + id, "{" + members + "}"), 422, "PARAMETER.INVALID");
    }

    @Test
    void keepsCredentialsOfAContainerOutOfTheUrl() {
      Reply reply = create("\"url\":\"http://me:me@my_app:3000/me:me@h\"");
      assertThat(reply.text("url")).isEqualTo("http://my_app:3000/me:me@h");
    }

    @Test
    void keepsCredentialsOutOfTheUrl() {
      Reply reply = create("\"url\":\"https://user:pa%20ss@example.com/hook\"");
      assertThat(reply.text("url")).isEqualTo("https://example.com/hook");
      assertThat(rows("webhooks", "id = ?", uuid(reply.text("id"))).toString())
          .doesNotContain("pa%20ss");
    }

    @Test
    void isForEachModeItsOwn() {
      Reply production = as(parent).post("/v2/webhooks", "{\"url\":\"" + URL + "\"}");
      assertThat(production.text("mode")).isEqualTo("production");
      assertRefused(test().get("/v2/webhooks/" + production.text("id")), 404, "NOT_FOUND");
    }

    @Test
    void withoutAnythingIsRefusedAsRecorded() {
      Reply empty = create("");
      assertRefused(empty, 422, "PARAMETER.REQUIRED");
      assertThat(empty.body())
          .contains("[{\"field\":\"webhook\",\"message\":\"cannot be blank\"}]");
      Reply without = create("\"webhook_secret\":\"123\"");
      assertRefused(without, 422, "WEBHOOK.INVALID_PARAMS");
      assertThat(without.body())
          .contains("[{\"field\":\"url\",\"message\":\"must be present; must be a string\"}]");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "ftp://example.com",
          "http://",
          "http://a b",
          "http://example.com#x",
          "mailto:a@b",
          "http://example.com:99999",
          "file:///etc/passwd"
        })
    void isRefusedForWhatIsNoUrl(String url) {
      assertRefused(create("\"url\":\"" + url + "\""), 422, "PARAMETER.INVALID");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "[{\"name\":\"X-EasyPost-A\",\"value\":\"1\"}]",
          "[{\"name\":\"Host\",\"value\":\"1\"}]",
          "[{\"name\":\"webhook-id\",\"value\":\"1\"}]",
          "[{\"name\":\"a b\",\"value\":\"1\"}]",
          "[{\"name\":\"a\",\"value\":\"\u00e9\"}]",
          "[{\"name\":\"a\",\"value\":\"1\\r\\nb: 2\"}]",
          "[{\"name\":\"a\",\"value\":\"1\"},{\"name\":\"b\",\"value\":\"1\"},"
              + "{\"name\":\"c\",\"value\":\"1\"},{\"name\":\"d\",\"value\":\"1\"}]"
        })
    void isRefusedForHeadersThatCannotBe(String headers) {
      Reply reply = create("\"url\":\"" + URL + "\",\"custom_headers\":" + headers);
      assertRefused(reply, 422, "PARAMETER.INVALID");
    }

    @Test
    void endsAtTheLimit() {
      for (int i = 0; i < 30; i++) {
        assertThat(create().status()).isEqualTo(201);
      }
      assertRefused(create(), 422, "LIMIT.REACHED");
    }
  }

  @Nested
  class Change {
    @ParameterizedTest
    @ValueSource(strings = {"PUT", "PATCH"})
    void isFlatAnswers201AndLeavesTheUrl(String method) {
      String path = "/v2/webhooks/" + create().text("id");
      String headers = "\"custom_headers\":[{\"name\":\"test\",\"value\":\"header\"}]";
      Reply flat = change(method, path, "{\"url\":\"https://example.com/other\"," + headers + "}");
      assertThat(flat.status()).isEqualTo(201);
      assertThat(flat.text("url")).isEqualTo(URL);
      assertThat(flat.list("custom_headers")).hasSize(1);
      Reply wrapped = change(method, path, "{\"webhook\":{\"custom_headers\":[]}}");
      assertThat(wrapped.status()).isEqualTo(201);
      assertThat(wrapped.list("custom_headers")).hasSize(1);
      for (String body : List.of("{}", "[]", "null")) {
        assertThat(change(method, path, body).status()).isEqualTo(201);
      }
      assertThat(change(method, path, "{\"custom_headers\":[]}").list("custom_headers")).isEmpty();
    }

    private Reply change(String method, String path, String body) {
      return test().send(method, path, "application/json", body, java.util.Map.of());
    }
  }

  @Nested
  class Others {
    @Test
    void seeNothingOfThem() {
      Account child = child(parent);
      Account stranger = server().account();
      String path = "/v2/webhooks/" + create().text("id");
      for (Account other : List.of(child, stranger)) {
        TestClient client = server().as(other.testKey());
        assertThat(client.get("/v2/webhooks").list("webhooks")).isEmpty();
        assertRefused(client.get(path), 404, "NOT_FOUND");
        assertRefused(client.patch(path, "{}"), 404, "NOT_FOUND");
        assertRefused(client.delete(path), 404, "NOT_FOUND");
        assertRefused(
            client.post(path + "/replay", "{\"since\":\"2026-01-01\"}"), 404, "NOT_FOUND");
      }
      assertThat(test().get(path).status()).isEqualTo(200);
    }
  }

  @Test
  void areListedOldestFirstAndGoneWhenDeleted() {
    String first = create().text("id");
    server().time().advance(java.time.Duration.ofMillis(1));
    String second = create().text("id");
    assertThat(each(test().get("/v2/webhooks"), "webhooks", "id")).containsExactly(first, second);
    Reply deleted = test().delete("/v2/webhooks/" + first);
    assertThat(deleted.status()).isEqualTo(200);
    assertThat(deleted.body()).isEqualTo("{}");
    assertRefused(test().delete("/v2/webhooks/" + first), 404, "NOT_FOUND");
    assertThat(each(test().get("/v2/webhooks"), "webhooks", "id")).containsExactly(second);
  }

  @Test
  void childrenAreIncludedOnlyForParentsThatSaySo() {
    String body = "{\"url\":\"" + URL + "\",\"include_children\":true}";
    Reply own = test().post("/v2/webhooks", body);
    assertThat(own.text("include_children")).isEqualTo("true");
    Reply childs = server().as(child(parent).testKey()).post("/v2/webhooks", body);
    assertThat(members(childs, "")).doesNotContain("include_children");
  }
}
