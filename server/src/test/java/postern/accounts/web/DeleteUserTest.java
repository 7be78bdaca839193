package postern.accounts.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import postern.main.RouteTest;
import postern.main.TestClient.Reply;
import postern.main.TestServer.Account;

/** {@code DELETE /v2/users/{id}}, the way back, and the purge that ends it. */
class DeleteUserTest extends RouteTest {
  private static final Duration WINDOW = Duration.ofDays(30);

  private final Account parent = server().account();
  private final Account child = child(parent);

  private Reply delete() {
    return as(parent).delete("/v2/users/" + child.id());
  }

  private Reply restore() {
    return as(parent).post("/v2/users/" + child.id() + "/restore", null);
  }

  private List<String> restorable() {
    return each(as(parent).get("/v2/users/children?deleted=true"), "children", "id");
  }

  @Nested
  class Answers204 {
    @Test
    void withZeroBytesAndKeysThatAreDeadAtOnce() {
      assertThat(as(child).get("/v2/users").status()).isEqualTo(200);
      Reply reply = delete();
      assertThat(reply.status()).isEqualTo(204);
      assertThat(reply.body()).isEmpty();
      assertThat(reply.header("Content-Type")).isEmpty();
      assertRefused(as(child).get("/v2/users"), 403, "APIKEY.INACTIVE");
      assertRefused(server().as(child.testKey()).get("/v2/users"), 403, "APIKEY.INACTIVE");
      assertThat(as(parent).get("/v2/users").body()).doesNotContain(child.id());
      assertThat(as(parent).get("/v2/api_keys").body()).doesNotContain(child.id());
    }
  }

  @Nested
  class Answers403 {
    @Test
    void toTheChildItself() {
      assertRefused(as(child).delete("/v2/users/" + child.id()), 403, "USER.UNAUTHORIZED");
      assertThat(as(child).get("/v2/users").status()).isEqualTo(200);
    }
  }

  @Nested
  class Answers404 {
    @Test
    void toUnknownForeignAndDeletedChildren() {
      Account stranger = child(server().account());
      assertRefused(as(parent).delete("/v2/users/" + stranger.id()), 404, "NOT_FOUND");
      assertRefused(as(parent).delete("/v2/users/user_12"), 404, "NOT_FOUND");
      delete();
      assertRefused(delete(), 404, "NOT_FOUND");
    }
  }

  @Nested
  class Answers422 {
    @Test
    void toATopLevelUser() {
      assertRefused(as(parent).delete("/v2/users/" + parent.id()), 422, "USER.INVALID");
    }
  }

  @Nested
  class ThenRestore {
    @Test
    void bringsTheChildBackWithItsKeysAsTheyWere() {
      as(parent).post("/v2/api_keys/" + keyId(child, "test") + "/disable", null);
      String before = as(parent).get("/v2/users/" + child.id()).body();
      String keys = as(parent).get("/v2/users/" + child.id() + "/api_keys").body();
      delete();
      assertThat(restorable()).containsExactly(child.id());
      Reply reply = restore();
      assertThat(reply.status()).isEqualTo(200);
      assertThat(reply.body()).isEqualTo(before);
      assertThat(as(child).get("/v2/users").body()).isEqualTo(before);
      assertThat(as(parent).get("/v2/users/" + child.id() + "/api_keys").body()).isEqualTo(keys);
      assertRefused(server().as(child.testKey()).get("/v2/users"), 403, "APIKEY.INACTIVE");
      assertThat(restorable()).isEmpty();
    }

    @Test
    void isForTheParentAlone() {
      delete();
      String path = "/v2/users/" + child.id() + "/restore";
      assertRefused(as(server().account()).post(path, null), 404, "NOT_FOUND");
      assertRefused(as(child(parent)).post(path, null), 404, "NOT_FOUND");
      assertRefused(as(child).post(path, null), 403, "APIKEY.INACTIVE");
    }

    @Test
    void worksToTheEndOfTheWindowAndNotAfterIt() {
      delete();
      server().time().advance(WINDOW.minusMillis(1));
      assertThat(restorable()).containsExactly(child.id());
      assertThat(restore().status()).isEqualTo(200);
      delete();
      server().time().advance(WINDOW);
      assertRefused(restore(), 404, "NOT_FOUND");
      assertThat(restorable()).isEmpty();
    }
  }

  @Nested
  class ThenPurge {
    private final String email = "purged-" + child.id() + "@example.com";
    private final String name = "Name of " + parent.id();
    private final Account doomed =
        childOf(
            as(parent)
                .post(
                    "/v2/users",
                    "{\"name\":\"%s\",\"email\":\"%s\",\"phone\":\"%s\"}"
                        .formatted(name, email, doomedPhone())));

    private static String doomedPhone() {
      return "555" + System.nanoTime();
    }

    private void purge() {
      as(doomed).patch("/v2/users/" + doomed.id() + "/brand", "{\"name\":\"" + name + "\"}");
      as(parent).delete("/v2/users/" + doomed.id());
      server().time().advance(WINDOW);
      assertThat(server().purge()).isPositive();
    }

    @Test
    void leavesNothingButIdsAndTimes() {
      purge();
      assertThat(rows("api_keys", "user_id = ?", uuid(doomed.id()))).isEmpty();
      assertThat(rows("brands", "user_id = ?", uuid(doomed.id()))).isEmpty();
      assertThat(rows("user_contacts", "user_id = ?", uuid(doomed.id()))).isEmpty();
      assertThat(rows("users", "id = ?", uuid(doomed.id())))
          .singleElement()
          .asString()
          .doesNotContain(name, email, "5559");
      assertRefused(as(doomed).get("/v2/users"), 403, "APIKEY.INACTIVE");
      assertRefused(as(parent).get("/v2/users/" + doomed.id()), 404, "NOT_FOUND");
    }

    @Test
    void isNotBeforeTheWindowIsOver() {
      as(parent).delete("/v2/users/" + doomed.id());
      server().time().advance(WINDOW.minusMillis(1));
      server().purge();
      assertThat(rows("users", "id = ? and purged_at is not null", uuid(doomed.id()))).isEmpty();
    }

    @Test
    void leavesAPlaceInTheListsAndFreesTheEmail() {
      server().time().advance(Duration.ofMillis(1));
      Account younger = child(parent);
      purge();
      Reply reply = as(parent).get("/v2/users/children?after_id=" + doomed.id());
      assertThat(each(reply, "children", "id")).endsWith(younger.id()).doesNotContain(doomed.id());
      assertThat(as(parent).post("/v2/users", "{\"email\":\"" + email + "\"}").status())
          .isEqualTo(201);
    }
  }
}
