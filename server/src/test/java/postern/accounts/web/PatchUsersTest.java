package postern.accounts.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import postern.main.RouteTest;
import postern.main.TestClient.Reply;
import postern.main.TestServer.Account;

/** PUT and PATCH, with and without an id: four names of one thing. */
class PatchUsersTest extends RouteTest {
  private static final String PASSWORD = "correct horse battery";

  private final Account parent = server().account();

  private static Reply update(Account by, Account of, String members) {
    return as(by).patch("/v2/users/" + of.id(), "{\"user\":{" + members + "}}");
  }

  @Nested
  class Answers200 {
    @Test
    void underAllFourNamesWrappedAndFlat() {
      int n = 0;
      for (String method : List.of("PUT", "PATCH")) {
        for (String path : List.of("/v2/users", "/v2/users/" + parent.id())) {
          for (String shape : List.of("{\"user\":{\"name\":\"%s\"}}", "{\"name\":\"%s\"}")) {
            String name = "Name " + n++;
            Reply reply =
                as(parent)
                    .send(method, path, "application/json", shape.replace("%s", name), Map.of());
            assertThat(reply.status()).isEqualTo(200);
            assertThat(reply.text("name")).isEqualTo(name);
            assertThat(as(parent).get("/v2/users").body()).isEqualTo(reply.body());
          }
        }
      }
    }

    @Test
    void changingOnlyWhatIsPassed() {
      update(parent, parent, "\"name\":\"First\",\"recharge_amount\":\"50.00\"");
      Reply reply = update(parent, parent, "\"phone_number\":\"5550001111\"");
      assertThat(reply.text("name")).isEqualTo("First");
      assertThat(reply.text("recharge_amount")).isEqualTo("50.00");
      assertThat(reply.text("phone_number")).isEqualTo("5550001111");
    }

    @Test
    void ignoringReadOnlyAndUnknownMembers() {
      Account child = child(parent);
      String before = as(parent).get("/v2/users").body();
      Reply reply =
          update(
              parent,
              parent,
              "\"id\":\"user_x\",\"balance\":\"9.99\",\"verified\":false,\"parent_id\":\""
                  + child.id()
                  + "\",\"created_at\":1,\"children\":[],\"object\":7,\"colour\":{}");
      assertThat(reply.body()).isEqualTo(before);
    }

    @Test
    void toAChildThatChangesItsNameAndNothingElse() {
      Account child = child(parent);
      Reply reply =
          update(
              child,
              child,
              "\"name\":\"Mine\",\"phone_number\":\"5\",\"email\":\"kid-"
                  + child.id()
                  + "@example.com\",\"recharge_amount\":\"5.00\",\"password\":\"123456789012\"");
      assertThat(reply.status()).isEqualTo(200);
      assertThat(reply.text("name")).isEqualTo("Mine");
      assertThat(reply.text("phone_number")).isEqualTo("8005550100");
      assertThat(members(reply, "")).doesNotContain("email", "recharge_amount");
      assertThat(
              rows("members", "root_id = ? or person_id = ?", uuid(child.id()), uuid(child.id())))
          .isEmpty();
    }

    @Test
    void toAParentThatSetsTheRechargeOfItsChildEchoedWithTwoPlaces() {
      Account child = child(parent);
      Reply reply =
          update(
              parent,
              child,
              "\"recharge_amount\":\"100\",\"recharge_threshold\":0.5,"
                  + "\"secondary_recharge_amount\":\"1000000.00\"");
      assertThat(reply.text("recharge_amount")).isEqualTo("100.00");
      assertThat(reply.text("recharge_threshold")).isEqualTo("0.50");
      assertThat(reply.text("secondary_recharge_amount")).isEqualTo("1000000.00");
      assertThat(as(child).get("/v2/users").body()).isEqualTo(reply.body());
      assertThat(members(update(parent, child, "\"recharge_amount\":null"), ""))
          .doesNotContain("recharge_amount")
          .contains("recharge_threshold");
      assertThat(update(parent, child, "\"recharge_amount\":\"0.51\"").text("recharge_amount"))
          .isEqualTo("0.51");
    }

    @Test
    void toANewPasswordWithTheCurrentOne() {
      Account account = server().account(Optional.of(PASSWORD));
      String next = "\"password\":\"a password of mine\",\"current_password\":";
      assertThat(update(account, account, next + "\"" + PASSWORD + "\"").status()).isEqualTo(200);
      assertRefused(update(account, account, next + "\"" + PASSWORD + "\""), 422, "USER.INVALID");
      assertThat(update(account, account, next + "\"a password of mine\"").status()).isEqualTo(200);
    }

    @Test
    void freeingTheEmailThatWasGivenUp() {
      Account first = server().account(Optional.of(PASSWORD));
      String current = ",\"current_password\":\"" + PASSWORD + "\"";
      String moved = "\"email\":\"moved-" + first.id() + "@example.com\"";
      assertThat(update(first, first, moved + current).status()).isEqualTo(200);
      Account other = server().account(Optional.of(PASSWORD));
      String old = "\"email\":\"" + first.email() + "\"";
      assertThat(update(other, other, old + current).status()).isEqualTo(200);
    }
  }

  @Nested
  class Answers404 {
    @Test
    void toWhoeverIsNotTheUserOrItsParent() {
      Account child = child(parent);
      assertRefused(update(child, parent, "\"name\":\"x\""), 404, "NOT_FOUND");
      assertRefused(update(child(parent), child, "\"name\":\"x\""), 404, "NOT_FOUND");
      assertRefused(update(server().account(), child, "\"name\":\"x\""), 404, "NOT_FOUND");
    }
  }

  @Nested
  class Answers422 {
    @Test
    void toANewEmailOrPasswordOfAnAccountThatHasNoPasswordToShow() {
      Account account = server().account();
      for (String change :
          List.of("\"password\":\"" + PASSWORD + "\"", "\"email\":\"new@example.com\"")) {
        for (String proof :
            List.of("", ",\"current_password\":\"\"", ",\"current_password\":\"x\"")) {
          assertRefused(update(account, account, change + proof), 422, "USER.INVALID");
        }
      }
      assertThat(rows("people", "email = '" + account.email() + "' and password_hash is null"))
          .hasSize(1);
    }

    @Test
    void toAmountsThatAreNone() {
      Account child = child(parent);
      for (String wrong :
          List.of(
              "\"-0.01\"", "-1", "\"1.001\"", "\"1000000.01\"", "1e7", "\"ten\"", "true", "{}")) {
        Reply reply = update(parent, child, "\"recharge_threshold\":" + wrong);
        assertRefused(reply, 422, "PARAMETER.INVALID");
        assertThat(fieldsIn(reply)).containsExactly("user.recharge_threshold");
      }
    }

    @Test
    void toEverythingThatIsWrongAtOnceNamedAsWritten() {
      Reply reply =
          as(parent)
              .patch(
                  "/v2/users",
                  "{\"name\":\" \",\"email\":\"x\",\"password\":\"short\","
                      + "\"recharge_amount\":\"-1\",\"secondary_recharge_amount\":[]}");
      assertRefused(reply, 422, "PARAMETER.INVALID");
      assertThat(fieldsIn(reply))
          .containsExactlyInAnyOrder(
              "name", "email", "password", "recharge_amount", "secondary_recharge_amount");
    }

    @Test
    void toAPasswordUnderTwelveCharactersOrUnlikeItsConfirmation() {
      assertThat(fieldsIn(update(parent, parent, "\"password\":\"12345678901\"")))
          .containsExactly("user.password");
      assertThat(
              fieldsIn(
                  update(
                      parent,
                      parent,
                      "\"password\":\"123456789012\",\"password_confirmation\":\"x\"")))
          .containsExactly("user.password_confirmation");
    }

    @Test
    void toAnEmailOfAChild() {
      Account account = server().account(Optional.of(PASSWORD));
      String taken = "child-" + account.id() + "@example.com";
      as(account).post("/v2/users", "{\"user\":{\"email\":\"" + taken + "\"}}");
      Reply reply =
          update(
              account,
              account,
              "\"name\":\"Lost\",\"email\":\""
                  + taken
                  + "\",\"current_password\":\""
                  + PASSWORD
                  + "\"");
      assertRefused(reply, 422, "USER.INVALID");
      assertThat(fieldsIn(reply)).containsExactly("user.email");
      assertThat(as(account).get("/v2/users").text("name")).isNotEqualTo("Lost");
    }

    @Test
    void toAWrongOrMissingCurrentPassword() {
      Account account = server().account(Optional.of(PASSWORD));
      String email = "\"email\":\"n-" + account.id() + "@example.com\"";
      for (String members : List.of(email, email + ",\"current_password\":\"wrong\"")) {
        Reply reply = update(account, account, members);
        assertRefused(reply, 422, "USER.INVALID");
        assertThat(fieldsIn(reply)).containsExactly("user.current_password");
      }
      assertThat(as(account).get("/v2/users").text("email")).doesNotStartWith("n-");
    }
  }

  @Nested
  class Answers429 {
    private final Account account = server().account(Optional.of(PASSWORD));

    private Reply guess(String password) {
      return update(
          account,
          account,
          "\"password\":\"" + PASSWORD + "\",\"current_password\":\"" + password + "\"");
    }

    @Test
    void afterFiveWrongPasswordsUntilTheWindowIsOver() {
      for (int i = 0; i < 5; i++) {
        assertRefused(guess("wrong " + i), 422, "USER.INVALID");
        server().time().advance(Duration.ofMinutes(1));
      }
      Reply reply = guess(PASSWORD);
      assertRefused(reply, 429, "RATE_LIMITED");
      assertThat(reply.header("Retry-After")).isEqualTo(Long.toString(10 * 60));
      server().time().advance(Duration.ofMinutes(10));
      assertThat(guess(PASSWORD).status()).isEqualTo(200);
    }

    @Test
    void notWhereARightOneStoodBetween() {
      for (int round = 0; round < 2; round++) {
        for (int i = 0; i < 4; i++) {
          assertRefused(guess("wrong"), 422, "USER.INVALID");
        }
        assertThat(guess(PASSWORD).status()).isEqualTo(200);
      }
    }

    @Test
    void onlyToTheAccountThatGuessed() {
      for (int i = 0; i < 6; i++) {
        guess("wrong");
      }
      Account other = server().account(Optional.of(PASSWORD));
      String change = "\"password\":\"123456789012\",\"current_password\":\"" + PASSWORD + "\"";
      assertThat(update(other, other, change).status()).isEqualTo(200);
    }
  }
}
