package postern.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.util.encoders.Base32;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import postern.crypto.Totp;
import postern.main.RouteTest;
import postern.main.TestClient.Reply;
import postern.main.TestServer.Account;

/** Sessions: how they begin, what they open, how they end. */
@Tag("storage")
class LogInTest extends RouteTest {
  private static final String PASSWORD = "four words are enough";

  private static Account account() {
    return server().account(Optional.of(PASSWORD));
  }

  private static Visitor loggedIn(Account account) {
    return Visitor.loggedIn(server(), account.email(), PASSWORD);
  }

  private static Reply tried(Visitor visitor, String email, String password) {
    visitor.get("/log-in");
    return visitor.post("/log-in", Map.of("email", email, "password", password));
  }

  private static boolean isIn(Visitor visitor) {
    return visitor.get("/overview").status() == 200;
  }

  @Nested
  class Begins {
    @Test
    void withACookieThatNoScriptAndNoOtherSiteCanUse() {
      Visitor visitor = new Visitor(server());
      visitor.get("/log-in");
      Reply reply =
          visitor.post(
              "/log-in", Map.of("email", account().email(), "password", PASSWORD, "next", "/keys"));
      assertThat(reply.status()).isEqualTo(303);
      assertThat(reply.header("Location")).isEqualTo("/keys");
      assertThat(reply.header("Set-Cookie"))
          .matches("__Host-postern=[A-Za-z0-9_-]{43}; Path=/; Secure; HttpOnly; SameSite=Lax");
    }

    @Test
    void withASecretThatNobodyKnewBefore() {
      Visitor visitor = new Visitor(server());
      visitor.get("/log-in");
      String before = String.valueOf(visitor.cookie());
      Account account = account();
      assertThat(tried(visitor, account.email(), PASSWORD).status()).isEqualTo(303);
      assertThat(visitor.cookie()).isNotEqualTo(before);
      String first = String.valueOf(visitor.cookie());
      assertThat(tried(visitor, account.email(), PASSWORD).status()).isEqualTo(303);
      assertThat(visitor.cookie()).isNotEqualTo(first);
      Visitor thief = new Visitor(server());
      thief.setCookie(first);
      assertThat(isIn(thief)).as("the one before is over").isFalse();
    }

    @Test
    void andIsStoredAsADigestOnly() {
      Visitor visitor = loggedIn(account());
      String token = String.valueOf(visitor.cookie()).split("=", -1)[1];
      assertThat(rows("sessions", "true")).noneMatch(row -> row.contains(token));
    }

    @Test
    void withAnyOtherSpellingOfTheAddress() {
      Account account = account();
      String other = account.email().toUpperCase(java.util.Locale.ROOT);
      assertThat(tried(new Visitor(server()), other, PASSWORD).status()).isEqualTo(303);
    }

    @Test
    void atAPageOfThisServerAndNoOther() {
      for (String next :
          List.of("https://evil.example", "//evil.example", "/\\evil.example", "keys", "")) {
        Visitor visitor = new Visitor(server());
        visitor.get("/log-in");
        Reply reply =
            visitor.post(
                "/log-in", Map.of("email", account().email(), "password", PASSWORD, "next", next));
        assertThat(reply.header("Location")).as(next).isEqualTo("/overview");
      }
    }

    @Test
    void andStandsInTheAuditLogWithThePerson() {
      Account account = account();
      loggedIn(account);
      Reply log = as(account).get("/v2/audit_log?action=session.created");
      assertThat(log.text("audit_log.0.actor.kind")).isEqualTo("person");
      assertThat(log.text("audit_log.0.actor.name")).isEqualTo(account.email());
    }
  }

  @Nested
  class DoesNotBegin {
    @Test
    void andThatStandsInTheAuditLogOfTheAccount() {
      Account account = account();
      tried(new Visitor(server()), account.email(), "wrong");
      server().flushRefusals();
      Reply log = as(account).get("/v2/audit_log?action=POST%20/log-in");
      assertThat(log.text("audit_log.0.error_code")).isEqualTo("LOGIN.FAILED");
      assertThat(log.text("audit_log.0.actor.kind")).isEqualTo("nobody");
    }

    @Test
    void withAWrongPasswordOrAddressWhichIsNotTold() {
      Reply wrong = tried(new Visitor(server()), account().email(), "wrong");
      Reply unknown = tried(new Visitor(server()), "nobody@example.com", "wrong");
      assertThat(wrong.status()).isEqualTo(422).isEqualTo(unknown.status());
      assertThat(withoutChance(wrong)).isEqualTo(withoutChance(unknown));
    }

    @Test
    void afterFiveWrongOnesWhetherThereIsSuchAnAccountOrNot() {
      for (String email : List.of(account().email(), "nobody-else@example.com")) {
        Visitor visitor = new Visitor(server());
        for (int i = 0; i < 5; i++) {
          assertThat(tried(visitor, email, "wrong").status()).isEqualTo(422);
        }
        Reply stopped = tried(visitor, email, PASSWORD);
        assertThat(stopped.status()).isEqualTo(429);
        assertThat(stopped.body()).contains("Too many attempts").contains("15 minutes");
      }
    }

    @Test
    void withoutTheTokenOfThePage() {
      Visitor visitor = new Visitor(server());
      visitor.get("/log-in");
      Map<String, String> fields = Map.of("email", account().email(), "password", PASSWORD);
      assertThat(visitor.postBare("/log-in", fields).status()).isEqualTo(403);
      Visitor other = new Visitor(server());
      other.get("/log-in");
      other.setCookie(null);
      assertThat(other.post("/log-in", fields).status()).isEqualTo(403);
    }

    @Test
    void forAnAccountWithoutAPassword() {
      Account account = server().account();
      assertThat(tried(new Visitor(server()), account.email(), "").status()).isEqualTo(422);
      assertThat(tried(new Visitor(server()), account.email(), PASSWORD).status()).isEqualTo(422);
    }

    private String withoutChance(Reply reply) {
      return reply
          .body()
          .replaceAll("name=\"form_token\" value=\"[^\"]*\"", "")
          .replaceAll("value=\"[^\"]*@example.com\"", "");
    }
  }

  @Nested
  class Ends {
    @Test
    void afterHalfAnHourWithoutARequest() {
      Visitor visitor = loggedIn(account());
      for (int i = 0; i < 3; i++) {
        server().time().advance(Duration.ofMinutes(29));
        assertThat(isIn(visitor)).isTrue();
      }
      server().time().advance(Duration.ofMinutes(31));
      assertThat(isIn(visitor)).isFalse();
    }

    @Test
    void afterTwelveHoursInAnyCase() {
      Visitor visitor = loggedIn(account());
      for (int i = 0; i < 25; i++) {
        server().time().advance(Duration.ofMinutes(28));
        assertThat(isIn(visitor)).isTrue();
      }
      server().time().advance(Duration.ofMinutes(25));
      assertThat(isIn(visitor)).isFalse();
    }

    @Test
    void withTheLogOut() {
      Visitor visitor = loggedIn(account());
      Visitor copy = new Visitor(server());
      copy.setCookie(visitor.cookie());
      visitor.get("/overview");
      assertThat(visitor.post("/log-out", Map.of()).status()).isEqualTo(303);
      assertThat(visitor.cookie()).isNull();
      assertThat(isIn(copy)).isFalse();
    }

    @Test
    void everywhereElseWhenThePasswordIsChanged() {
      Account account = account();
      Visitor one = loggedIn(account);
      Visitor other = loggedIn(account);
      one.get("/profile");
      assertThat(
              one.post(
                      "/profile/password",
                      Map.of("current_password", PASSWORD, "new_password", "another password"))
                  .status())
          .isEqualTo(303);
      assertThat(isIn(one)).isTrue();
      assertThat(isIn(other)).isFalse();
      assertThat(tried(new Visitor(server()), account.email(), PASSWORD).status()).isEqualTo(422);
    }

    @Test
    void everywhereWhenThePasswordIsChangedOverTheApi() {
      Account account = account();
      Visitor visitor = loggedIn(account);
      String change =
          "{\"user\":{\"password\":\"another password\",\"current_password\":\""
              + PASSWORD
              + "\"}}";
      assertThat(as(account).patch("/v2/users/" + account.id(), change).status()).isEqualTo(200);
      assertThat(isIn(visitor)).isFalse();
      assertThat(tried(new Visitor(server()), account.email(), "another password").status())
          .isEqualTo(303);
    }

    @Test
    void whereOneIsEndedFromTheList() {
      Account account = account();
      Visitor one = loggedIn(account);
      Visitor other = loggedIn(account);
      Matcher path =
          Pattern.compile("/profile/sessions/session_[0-9a-f]{32}/end")
              .matcher(one.get("/profile").body());
      assertThat(path.find()).isTrue();
      assertThat(one.post(path.group(), Map.of()).status()).isEqualTo(303);
      assertThat(isIn(one)).isTrue();
      assertThat(isIn(other)).isFalse();
    }
  }

  @Nested
  class Secrets {
    @Test
    void areShownWhileThePasswordWasGivenNotLongAgo() {
      Account account = account();
      Visitor visitor = loggedIn(account);
      String path = "/keys/" + keyId(account, "production");
      assertThat(visitor.get(path).body()).doesNotContain(account.productionKey());
      assertThat(visitor.post(path + "/reveal", Map.of()).body()).contains(account.productionKey());
      server().time().advance(Duration.ofMinutes(16));
      Reply asked = visitor.post(path + "/reveal", Map.of());
      assertThat(asked.header("Location")).startsWith("/confirm?next=");
      visitor.get("/confirm");
      assertThat(visitor.post("/confirm", Map.of("password", "wrong")).status()).isEqualTo(422);
      assertThat(visitor.post("/confirm", Map.of("password", PASSWORD)).status()).isEqualTo(303);
      assertThat(visitor.post(path + "/reveal", Map.of()).body()).contains(account.productionKey());
    }

    @Test
    void areNeitherKeptByTheBrowserNorPressedTogetherWithOtherText() {
      Account account = account();
      Visitor visitor = loggedIn(account);
      Reply page = visitor.get("/keys");
      assertThat(page.header("Cache-Control")).contains("no-store");
      assertThat(page.header("Content-Encoding")).isEmpty();
      assertThat(page.header("Content-Security-Policy"))
          .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'");
      assertThat(page.body()).doesNotContain("style=", "onclick", "<script>");
    }
  }

  @Nested
  class SecondFactor {
    private final Account account = account();
    private final Visitor visitor = loggedIn(account);
    private final byte[] secret = secretIn(visitor.get("/profile/second-factor").body());

    private byte[] secretIn(String body) {
      Matcher typed = Pattern.compile("class=\"typed\">([A-Z2-7 ]+)<").matcher(body);
      assertThat(typed.find()).as(body).isTrue();
      return Base32.decode(typed.group(1).replace(" ", ""));
    }

    private String code() {
      return Totp.code(secret, server().time().instant());
    }

    private List<String> enabled() {
      Reply reply = visitor.post("/profile/second-factor", Map.of("code", code()));
      assertThat(reply.status()).as(reply.body()).isEqualTo(200);
      return Pattern.compile("<li><code>([a-z2-7-]+)</code>")
          .matcher(reply.body())
          .results()
          .map(found -> found.group(1))
          .toList();
    }

    private Visitor halfWay() {
      Visitor other = new Visitor(server());
      assertThat(tried(other, account.email(), PASSWORD).header("Location"))
          .startsWith("/log-in/code");
      assertThat(other.get("/log-in/code").status()).isEqualTo(200);
      return other;
    }

    @Test
    void opensNothingBeforeItsCode() {
      enabled();
      Visitor other = halfWay();
      assertThat(isIn(other)).isFalse();
      other.get("/log-in/code");
      assertThat(other.post("/log-in/code", Map.of("code", "123456")).status()).isEqualTo(422);
      assertThat(isIn(other)).isFalse();
    }

    @Test
    void takesEachCodeOnce() {
      enabled();
      assertThat(halfWay().post("/log-in/code", Map.of("code", code())).status())
          .as("used when it was set up")
          .isEqualTo(422);
      server().time().advance(Duration.ofSeconds(31));
      Visitor other = halfWay();
      assertThat(other.post("/log-in/code", Map.of("code", code())).status()).isEqualTo(303);
      assertThat(isIn(other)).isTrue();
      assertThat(halfWay().post("/log-in/code", Map.of("code", code())).status()).isEqualTo(422);
    }

    @Test
    void takesEachRecoveryCodeOnce() {
      List<String> codes = enabled();
      assertThat(codes).hasSize(10).doesNotHaveDuplicates();
      String one = codes.getFirst().toUpperCase(java.util.Locale.ROOT).replace('-', ' ');
      assertThat(halfWay().post("/log-in/code", Map.of("code", one)).status()).isEqualTo(303);
      assertThat(halfWay().post("/log-in/code", Map.of("code", one)).status()).isEqualTo(422);
      assertThat(rows("recovery_codes", "true"))
          .noneMatch(row -> codes.stream().anyMatch(row::contains));
    }

    @Test
    void stopsThoseWhoGuess() {
      enabled();
      Visitor other = halfWay();
      for (int i = 0; i < 5; i++) {
        assertThat(other.post("/log-in/code", Map.of("code", "00000" + i)).status()).isEqualTo(422);
      }
      server().time().advance(Duration.ofSeconds(31));
      assertThat(other.post("/log-in/code", Map.of("code", code())).status()).isEqualTo(429);
    }

    @Test
    void waitsForTenMinutesOnly() {
      enabled();
      Visitor other = halfWay();
      server().time().advance(Duration.ofMinutes(11));
      assertThat(other.get("/log-in/code").header("Location")).isEqualTo("/log-in");
      assertThat(other.post("/log-in/code", Map.of("code", code())).header("Location"))
          .isEqualTo("/log-in");
    }

    @Test
    void isNotSetUpAnewOverOneThatIsOn() {
      enabled();
      assertThat(visitor.get("/profile/second-factor").status()).isEqualTo(404);
    }
  }
}
