package postern.accounts.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import postern.main.RouteTest;
import postern.main.TestClient.Reply;
import postern.main.TestServer.Account;

class PostUsersTest extends RouteTest {
  private final Account parent = server().account();

  private Reply post(String json) {
    return as(parent).post("/v2/users", json);
  }

  @Nested
  class Answers201 {
    @Test
    void withTheChildAndItsTwoKeysTestFirst() {
      Reply reply = post("{\"user\":{\"name\":\"Ada\"}}");
      assertThat(reply.status()).isEqualTo(201);
      assertThat(reply.text("name")).isEqualTo("Ada");
      assertThat(reply.text("parent_id")).isEqualTo(parent.id());
      assertThat(reply.at("verified")).isEqualTo(true);
      assertThat(each(reply, "api_keys", "mode")).containsExactly("test", "production");
      assertThat(reply.text("api_keys.0.key")).matches("EZTK[0-9a-f]{32}[0-9A-Za-z]{22}");
      assertThat(reply.text("api_keys.1.key")).matches("EZAK[0-9a-f]{32}[0-9A-Za-z]{22}");
    }

    @Test
    void withKeysThatWorkAtOnce() {
      Account child = childOf(post("{}"));
      assertThat(as(child).get("/v2/users").text("id")).isEqualTo(child.id());
      assertRefused(server().as(child.testKey()).get("/v2/users"), 403, "MODE.UNAUTHORIZED");
    }

    @Test
    void toFlatParameters() {
      assertThat(post("{\"name\":\"Flat\"}").text("name")).isEqualTo("Flat");
    }

    @Test
    void toFormParameters() {
      String form = "application/x-www-form-urlencoded";
      Reply reply = as(parent).send("POST", "/v2/users", form, "user[name]=Form+child", Map.of());
      assertThat(reply.text("name")).isEqualTo("Form child");
    }

    @Test
    void withANameMadeFromTheIdWhereNoneIsGiven() {
      for (String body : List.of("{}", "{\"user\":{}}", "{\"user\":{\"name\":\"  \"}}")) {
        Reply reply = post(body);
        String id = reply.text("id");
        assertThat(reply.text("name")).isEqualTo("Child Account " + id.substring(id.length() - 6));
      }
    }

    @Test
    void withEmailAndPhoneNumberWhereGiven() {
      Reply reply =
          post("{\"user\":{\"email\":\"Kid-A@Example.com\",\"phone_number\":\"5551234567\"}}");
      assertThat(reply.text("email")).isEqualTo("Kid-A@Example.com");
      assertThat(reply.text("phone_number")).isEqualTo("5551234567");
      assertThat(post("{\"user\":{\"phone\":\"5557654321\"}}").text("phone_number"))
          .isEqualTo("5557654321");
    }

    @Test
    void withoutAnEmailMemberWhereNoneIsGiven() {
      assertThat(members(post("{}"), "")).doesNotContain("email");
    }
  }

  @Nested
  class Answers403 {
    @Test
    void toATestKey() {
      Reply reply = server().as(parent.testKey()).post("/v2/users", "{}");
      assertRefused(reply, 403, "MODE.UNAUTHORIZED");
    }

    @Test
    void toAChild() {
      assertRefused(as(child(parent)).post("/v2/users", "{}"), 403, "USER.UNAUTHORIZED");
    }
  }

  @Nested
  class Answers422 {
    @Test
    void toAPassword() {
      for (String name : List.of("password", "password_confirmation")) {
        Reply reply = post("{\"user\":{\"name\":\"x\",\"" + name + "\":\"a long password\"}}");
        assertRefused(reply, 422, "USER.INVALID");
        assertThat(reply.text("error.message"))
            .isEqualTo(
                "Child users must be created via the API and must not contain an email or"
                    + " password.");
      }
    }

    @Test
    void toAnEmailThatAnotherOfTheFamilyHasWhateverItsCase() {
      String email = "taken-" + parent.id() + "@example.com";
      assertThat(post("{\"email\":\"" + email + "\"}").status()).isEqualTo(201);
      for (String taken : List.of(email.toUpperCase(Locale.ROOT), parent.email())) {
        Reply reply = as(parent).post("/v2/users", "{\"user\":{\"email\":\"" + taken + "\"}}");
        assertRefused(reply, 422, "USER.INVALID");
        assertThat(fieldsIn(reply)).containsExactly("user.email");
      }
      assertThat(rows("users", "root_id = ? and parent_id is not null", uuid(parent.id())))
          .hasSize(1);
    }

    @Test
    void toAPhoneNumberThatAnotherOfTheFamilyHasHoweverItIsWritten() {
      assertThat(post("{\"phone_number\":\"+1 (555) 010-9999\"}").status()).isEqualTo(201);
      Reply reply = as(parent).post("/v2/users", "{\"user\":{\"phone\":\"+15550109999\"}}");
      assertRefused(reply, 422, "USER.INVALID");
      assertThat(fieldsIn(reply)).containsExactly("user.phone_number");
      assertThat(post("{}").text("phone_number")).isEqualTo(post("{}").text("phone_number"));
    }

    @Test
    void toEverythingThatIsWrongAtOnceNamedAsWritten() {
      String tooLong = "n".repeat(256);
      Reply wrapped =
          post(
              "{\"user\":{\"name\":\""
                  + tooLong
                  + "\",\"email\":\"no address\",\"phone_number\":5}}");
      assertRefused(wrapped, 422, "PARAMETER.INVALID");
      assertThat(fieldsIn(wrapped))
          .containsExactlyInAnyOrder("user.name", "user.email", "user.phone_number");
      assertThat(fieldsIn(post("{\"name\":7,\"phone\":[]}")))
          .containsExactlyInAnyOrder("name", "phone");
    }

    @Test
    void neverWithTheValueInIt() {
      assertThat(post("{\"email\":\"very private\"}").body()).doesNotContain("very private");
    }
  }
}
