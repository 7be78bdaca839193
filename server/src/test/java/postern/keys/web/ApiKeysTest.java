package postern.keys.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import postern.main.RouteTest;
import postern.main.TestClient.Reply;
import postern.main.TestServer;
import postern.main.TestServer.Account;

class ApiKeysTest extends RouteTest {
  private final Account parent = server().account();
  private final Account child = child(parent);

  @Nested
  class GetApiKeys {
    @Test
    void showsTheCallersKeysAndThoseOfItsChildren() {
      Reply reply = as(parent).get("/v2/api_keys");
      assertThat(reply.status()).isEqualTo(200);
      assertThat(reply.text("id")).isEqualTo(parent.id());
      assertThat(each(reply, "keys", "key"))
          .containsExactly(parent.testKey(), parent.productionKey());
      assertThat(reply.text("children.0.id")).isEqualTo(child.id());
      assertThat(each(reply, "children.0.keys", "key"))
          .containsExactly(child.testKey(), child.productionKey());
      assertThat(members(reply, "keys.0"))
          .containsExactly("object", "active", "key", "mode", "created_at", "id");
    }

    @Test
    void showsAChildItsOwnAlone() {
      Reply reply = as(child).get("/v2/api_keys");
      assertThat(reply.text("id")).isEqualTo(child.id());
      assertThat(reply.list("children")).isEmpty();
    }

    @Test
    void showsDisabledKeysAsSuch() {
      as(parent).post("/v2/api_keys/" + keyId(child, "test") + "/disable", null);
      Reply reply = as(parent).get("/v2/api_keys");
      assertThat(each(reply, "children.0.keys", "active")).containsExactly("false", "true");
    }
  }

  @Nested
  class PostApiKeys {
    @Test
    void makesAKeyThatWorks() {
      for (String body :
          List.of("{\"mode\":\"production\"}", "{\"api_key\":{\"mode\":\"production\"}}")) {
        Reply reply = as(child).post("/v2/api_keys", body);
        assertThat(reply.status()).isEqualTo(201);
        assertThat(members(reply, ""))
            .containsExactly("object", "key", "mode", "created_at", "active", "id");
        assertThat(server().as(reply.text("key")).get("/v2/users").text("id"))
            .isEqualTo(child.id());
      }
    }

    @Test
    void namesTheModeThatIsMissingOrWrong() {
      Reply missing = as(child).post("/v2/api_keys", "{}");
      assertRefused(missing, 422, "PARAMETER.REQUIRED");
      assertThat(fieldsIn(missing)).containsExactly("mode");
      Reply wrong = as(child).post("/v2/api_keys", "{\"api_key\":{\"mode\":\"Live\"}}");
      assertRefused(wrong, 422, "PARAMETER.INVALID");
      assertThat(fieldsIn(wrong)).containsExactly("api_key.mode");
      assertRefused(as(child).post("/v2/api_keys", "{\"mode\":1}"), 422, "PARAMETER.INVALID_TYPE");
    }

    @Test
    void stopsAtTheLimitOfKeysAlsoForThoseWhoAskAtOnce() throws Exception {
      try (TestServer small = TestServer.start(Map.of("keys.per-user-max", "6"));
          var threads = java.util.concurrent.Executors.newVirtualThreadPerTaskExecutor()) {
        Account account = small.account();
        List<java.util.concurrent.Callable<Integer>> tasks =
            java.util.Collections.nCopies(
                16,
                () ->
                    small
                        .as(account.productionKey())
                        .post("/v2/api_keys", "{\"mode\":\"test\"}")
                        .status());
        List<Integer> answers = new java.util.ArrayList<>();
        for (var future : threads.invokeAll(tasks)) {
          answers.add(future.get());
        }
        assertThat(answers).containsOnly(201, 422);
        assertThat(answers.stream().filter(status -> status == 201)).hasSize(4);
        assertRefused(
            small.as(account.productionKey()).post("/v2/api_keys", "{\"mode\":\"test\"}"),
            422,
            "LIMIT.REACHED");
      }
    }
  }

  @Nested
  class Switching {
    private String path(String verb) {
      return "/v2/api_keys/" + keyId(child, "production") + verb;
    }

    @Test
    void takesEffectBeforeTheAnswerLeaves() {
      String disable = path("/disable");
      String enable = path("/enable");
      for (int i = 0; i < 20; i++) {
        assertThat(as(child).get("/v2/users").status()).isEqualTo(200);
        Reply off = as(parent).post(disable, null);
        assertThat(off.status()).isEqualTo(200);
        assertThat(off.at("active")).isEqualTo(false);
        assertRefused(as(child).get("/v2/users"), 403, "APIKEY.INACTIVE");
        assertThat(as(parent).post(enable, null).at("active")).isEqualTo(true);
      }
      assertThat(as(child).get("/v2/users").status()).isEqualTo(200);
    }

    @Test
    void canTurnOffTheKeyThatTheRequestCameWith() {
      assertThat(as(child).post(path("/disable"), null).status()).isEqualTo(200);
      assertRefused(as(child).get("/v2/users"), 403, "APIKEY.INACTIVE");
    }

    @Test
    void isTheSameDoneTwice() {
      String disable = path("/disable");
      String first = as(parent).post(disable, null).body();
      assertThat(as(parent).post(disable, null).body()).isEqualTo(first);
    }

    @Test
    void isRefusedForKeysOfOthersAndOfNobody() {
      String id = keyId(parent, "test");
      for (String verb : List.of("/enable", "/disable")) {
        assertRefused(as(child).post("/v2/api_keys/" + id + verb, null), 404, "NOT_FOUND");
        assertRefused(as(child).post("/v2/api_keys/ak_1" + verb, null), 404, "NOT_FOUND");
      }
    }
  }

  @Nested
  class DeleteApiKey {
    @Test
    void killsTheKeyForGood() {
      String path = "/v2/api_keys/" + keyId(child, "production");
      assertThat(as(child).get("/v2/users").status()).isEqualTo(200);
      Reply reply = as(parent).delete(path);
      assertThat(reply.status()).isEqualTo(204);
      assertThat(reply.body()).isEmpty();
      assertRefused(as(child).get("/v2/users"), 403, "APIKEY.INACTIVE");
      assertRefused(as(parent).delete(path), 404, "NOT_FOUND");
      assertRefused(as(parent).post(path + "/enable", null), 404, "NOT_FOUND");
      assertThat(as(parent).get("/v2/api_keys").body()).doesNotContain(child.productionKey());
    }
  }

  @Nested
  class KeysOfAUser {
    private final String path = "/v2/users/" + child.id() + "/api_keys";

    @Test
    void areListedForTheUserAndItsParentUnderBothPaths() {
      Reply reply = as(parent).get(path);
      assertThat(each(reply, "api_keys", "key"))
          .containsExactly(child.testKey(), child.productionKey());
      assertThat(reply.at("has_more")).isEqualTo(false);
      assertThat(as(child).get("/beta/users/" + child.id() + "/api_keys").body())
          .isEqualTo(reply.body());
      assertThat(members(reply, "api_keys.0"))
          .containsExactly("object", "active", "key", "mode", "created_at", "id");
    }

    @Test
    void areListedPageByPage() {
      Reply first = as(parent).get(path + "?page_size=1");
      assertThat(each(first, "api_keys", "key")).containsExactly(child.testKey());
      assertThat(first.at("has_more")).isEqualTo(true);
      Reply second = as(parent).get(path + "?page_size=1&after_id=" + first.text("api_keys.0.id"));
      assertThat(each(second, "api_keys", "key")).containsExactly(child.productionKey());
      assertThat(second.at("has_more")).isEqualTo(false);
      assertRefused(
          as(parent).get(path + "?after_id=" + keyId(parent, "test")),
          422,
          "PARAMETER.INVALID_TYPE");
    }

    @Test
    void areMadeByTheParent() {
      Reply reply = as(parent).post(path, "{\"mode\":\"production\"}");
      assertThat(reply.status()).isEqualTo(201);
      assertThat(server().as(reply.text("key")).get("/v2/users").text("id")).isEqualTo(child.id());
    }

    @Test
    void areNotMadeForADeletedChild() {
      as(parent).delete("/v2/users/" + child.id());
      assertRefused(as(parent).post(path, "{\"mode\":\"test\"}"), 404, "NOT_FOUND");
      assertRefused(as(parent).get(path), 404, "NOT_FOUND");
    }
  }

  @Nested
  class LastUse {
    @Test
    void isWrittenInBatches() {
      Account quiet = child(parent);
      as(child).get("/v2/users");
      server().time().advance(Duration.ofSeconds(7));
      as(child).get("/v2/users");
      Instant used = server().time().instant().truncatedTo(ChronoUnit.SECONDS);
      String quietKey =
          as(parent).get("/v2/users/" + quiet.id() + "/api_keys").text("api_keys.1.id");
      server().flushKeyUsage();
      assertThat(
              RouteTest.rows(
                  server(),
                  "select floor(extract(epoch from last_used_at))::bigint from api_keys where id = ?",
                  uuid(keyId(child, "production"))))
          .containsExactly(Long.toString(used.getEpochSecond()));
      assertThat(rows("api_keys", "id = ? and last_used_at is null", uuid(quietKey))).hasSize(1);
    }
  }
}
