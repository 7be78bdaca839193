package postern.accounts.web;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import postern.main.RouteTest;
import postern.main.TestClient.Reply;
import postern.main.TestServer.Account;

class GetUsersTest extends RouteTest {
  private final Account parent = server().account();

  @Nested
  class Answers200 {
    @Test
    void withTheParentItsMoneyAndItsChildrenOldestFirst() {
      Account one = child(parent);
      server().time().advance(java.time.Duration.ofMillis(1));
      Account two = child(parent);
      Reply reply = as(parent).get("/v2/users");
      assertThat(reply.text("id")).isEqualTo(parent.id());
      assertThat(reply.at("parent_id")).isNull();
      assertThat(reply.text("balance")).isEqualTo("0.00000");
      assertThat(each(reply, "children", "id")).containsExactly(one.id(), two.id());
      assertThat(as(parent).get("/v2/users/" + parent.id()).body()).isEqualTo(reply.body());
    }

    @Test
    void withAChildThatShowsNoMoneyAndNoKeys() {
      Account child = child(parent);
      Reply reply = as(child).get("/v2/users");
      assertThat(members(reply, ""))
          .containsExactly(
              "id",
              "object",
              "parent_id",
              "name",
              "phone_number",
              "verified",
              "created_at",
              "default_carbon_offset",
              "has_elevate_access",
              "children");
      assertThat(reply.list("children")).isEmpty();
      assertThat(as(parent).get("/v2/users/" + child.id()).body()).isEqualTo(reply.body());
    }
  }

  @Nested
  class Answers404 {
    @Test
    void toIdsThatAreUnknownForeignMalformedOrDeleted() {
      Account gone = child(parent);
      as(parent).delete("/v2/users/" + gone.id());
      Account stranger = child(server().account());
      for (String id :
          new String[] {
            "user_00000000000000000000000000000000", stranger.id(), "user_1", "%20", gone.id()
          }) {
        assertRefused(as(parent).get("/v2/users/" + id), 404, "NOT_FOUND");
      }
    }
  }
}
