package postern.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import postern.main.TestClient.Reply;
import postern.main.TestServer;
import postern.main.TestServer.Account;

/** Opening accounts, and lost passwords: what is behind the links of mails. */
class SignUpTest {
  private static final String PASSWORD = "four words are enough";

  @SuppressWarnings("NullAway.Init")
  private static TestServer server;

  @BeforeAll
  static void start() {
    server = TestServer.start(Map.of("signup.mode", "open", "mail.capture", "true"));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static String address() {
    return "person-" + Long.toString(System.nanoTime(), 36) + "@example.com";
  }

  private static Reply signUp(Visitor visitor, String email) {
    // Mails of one moment have no order.
    server.time().advance(Duration.ofSeconds(1));
    visitor.get("/sign-up");
    return visitor.post(
        "/sign-up", Map.of("name", "Somebody", "email", email, "password", PASSWORD));
  }

  /** The texts of the captured mails to an address, the newest first. */
  private static List<String> mailsTo(String email) {
    Visitor reader = new Visitor(server);
    return Pattern.compile("/dev/mail/mail_[0-9a-f]{32}")
        .matcher(reader.get("/dev/mail").body())
        .results()
        .map(found -> reader.get(found.group()).body())
        .filter(body -> body.contains("To " + email + ","))
        .toList();
  }

  /** The path of the link in the newest mail to an address. */
  private static String linkTo(String email) {
    Matcher link =
        Pattern.compile("href=\"http://localhost:\\d+(/[^\"]+)\"")
            .matcher(mailsTo(email).getFirst());
    assertThat(link.find()).isTrue();
    return link.group(1);
  }

  private static String signedUp(String email) {
    Visitor visitor = new Visitor(server);
    signUp(visitor, email);
    String link = linkTo(email);
    visitor.get(link);
    assertThat(visitor.post(link, Map.of()).status()).isEqualTo(303);
    return link;
  }

  @Nested
  class BySignUp {
    @Test
    void nothingIsThereBeforeTheLinkIsOpenedAndPressed() {
      String email = address();
      Visitor visitor = new Visitor(server);
      assertThat(signUp(visitor, email).status()).isEqualTo(200);
      String link = linkTo(email);
      for (int i = 0; i < 3; i++) {
        assertThat(visitor.get(link).status()).as("mail programs open links").isEqualTo(200);
      }
      assertThat(server.rows("select 1 from people where email = ?", email)).isEmpty();
      Reply in = visitor.post(link, Map.of());
      assertThat(in.header("Location")).startsWith("/overview");
      assertThat(visitor.get("/overview").body()).contains("Somebody");
      assertThat(
              server.rows(
                  "select 1 from people where email = ? and verified_at is not null", email))
          .hasSize(1);
    }

    @Test
    void aLinkWorksOnce() {
      String link = signedUp(address());
      Visitor again = new Visitor(server);
      again.get("/log-in");
      assertThat(again.get(link).status()).isEqualTo(404);
      assertThat(again.post(link, Map.of()).status()).isEqualTo(404);
    }

    @Test
    void aLinkWorksForADay() {
      String email = address();
      Visitor visitor = new Visitor(server);
      signUp(visitor, email);
      String link = linkTo(email);
      server.time().advance(Duration.ofHours(23));
      assertThat(visitor.get(link).status()).isEqualTo(200);
      server.time().advance(Duration.ofMinutes(61));
      assertThat(visitor.post(link, Map.of()).status()).isEqualTo(404);
    }

    @Test
    void anotherBrowserHasToKnowThePassword() {
      String email = address();
      signUp(new Visitor(server), email);
      String link = linkTo(email);
      Visitor other = new Visitor(server);
      assertThat(other.get(link).body()).contains("type=\"password\"");
      assertThat(other.post(link, Map.of("password", "guessed words")).status()).isEqualTo(422);
      assertThat(other.post(link, Map.of()).status()).isEqualTo(422);
      assertThat(other.post(link, Map.of("password", PASSWORD)).status()).isEqualTo(303);
    }

    @Test
    void theAnswerIsTheSameForAnAddressThatIsInUse() {
      String taken = address();
      signedUp(taken);
      String free = address();
      Reply first = signUp(new Visitor(server), taken);
      Reply second = signUp(new Visitor(server), free);
      assertThat(first.status()).isEqualTo(second.status());
      assertThat(first.body().replace(taken, "X")).isEqualTo(second.body().replace(free, "X"));
      assertThat(mailsTo(taken).getFirst()).contains("has one").doesNotContain("/sign-up/");
    }

    @Test
    void nobodysMailboxIsFilled() {
      String email = address();
      for (int i = 0; i < 8; i++) {
        assertThat(signUp(new Visitor(server), email).status()).isEqualTo(200);
      }
      assertThat(mailsTo(email)).hasSize(5);
    }

    @Test
    void everythingThatIsWrongIsSaidAtOnce() {
      Visitor visitor = new Visitor(server);
      visitor.get("/sign-up");
      Reply reply =
          visitor.post("/sign-up", Map.of("name", " ", "email", "no address", "password", "short"));
      assertThat(reply.status()).isEqualTo(422);
      assertThat(reply.body())
          .contains(
              "Name must not be blank.",
              "E-mail must be an email address.",
              "Password must be at least 12 characters long.")
          .contains("value=\"no address\"")
          .doesNotContain("short\"");
    }

    @Test
    void twoWhoSignUpWithOneAddressOpenOneAccount() {
      String email = address();
      Visitor one = new Visitor(server);
      signUp(one, email);
      String first = linkTo(email);
      Visitor other = new Visitor(server);
      signUp(other, email);
      String second = linkTo(email);
      one.get(first);
      assertThat(one.post(first, Map.of()).status()).isEqualTo(303);
      assertThat(other.get(second).status()).as("all links for it are used up").isEqualTo(404);
      assertThat(server.rows("select 1 from people where email = ?", email)).hasSize(1);
    }
  }

  @Nested
  class ByMode {
    @Test
    void nobodyOpensAnAccountWhereItIsClosed() {
      try (TestServer closed = TestServer.start(Map.of("mail.capture", "true"))) {
        Visitor visitor = new Visitor(closed);
        assertThat(visitor.get("/sign-up").status()).isEqualTo(403);
        visitor.get("/log-in");
        assertThat(
                visitor
                    .post(
                        "/sign-up",
                        Map.of("name", "X", "email", "x@example.com", "password", PASSWORD))
                    .status())
            .isEqualTo(403);
        assertThat(closed.rows("select 1 from links")).isEmpty();
        String link = "/invitation/" + closed.invite("ada@example.com");
        assertThat(visitor.get(link).status()).isEqualTo(403);
        assertThat(visitor.post(link, Map.of("name", "A", "password", PASSWORD)).status())
            .isEqualTo(403);
      }
    }

    @Test
    void thoseWhoAreInvitedDoWhereItIsByInvitation() {
      try (TestServer invited =
          TestServer.start(Map.of("signup.mode", "invited", "mail.capture", "true"))) {
        Visitor visitor = new Visitor(invited);
        assertThat(visitor.get("/sign-up").status()).isEqualTo(403);
        String link = "/invitation/" + invited.invite("ada@example.com");
        assertThat(visitor.get(link).body()).contains("ada@example.com");
        assertThat(visitor.post(link, Map.of("name", "", "password", "x")).status()).isEqualTo(422);
        Reply in = visitor.post(link, Map.of("name", "Ada", "password", PASSWORD));
        assertThat(in.header("Location")).startsWith("/overview");
        assertThat(visitor.get("/overview").body()).contains("Ada");
        assertThat(new Visitor(invited).get(link).status()).isEqualTo(404);
      }
    }

    @Test
    void withoutMailWhatNeedsItIsNotOffered() {
      try (TestServer mute = TestServer.start(Map.of("signup.mode", "open"))) {
        Visitor visitor = new Visitor(mute);
        assertThat(visitor.get("/sign-up").body()).contains("mail.url");
        assertThat(visitor.get("/forgot-password").body()).contains("postern account");
        assertThat(visitor.get("/dev/mail").status()).isEqualTo(404);
      }
    }
  }

  @Nested
  class LostPassword {
    private Reply asked(String email) {
      server.time().advance(Duration.ofSeconds(1));
      Visitor visitor = new Visitor(server);
      visitor.get("/forgot-password");
      return visitor.post("/forgot-password", Map.of("email", email));
    }

    @Test
    void isReplacedOnceWithinAnHour() {
      Account account = server.account(Optional.of(PASSWORD));
      asked(account.email());
      String link = linkTo(account.email());
      Visitor visitor = new Visitor(server);
      visitor.get(link);
      assertThat(visitor.post(link, Map.of("password", "short")).status()).isEqualTo(422);
      assertThat(visitor.post(link, Map.of("password", "brand new words")).status()).isEqualTo(303);
      assertThat(visitor.get(link).status()).isEqualTo(404);
      Visitor.loggedIn(server, account.email(), "brand new words");
      asked(account.email());
      String late = linkTo(account.email());
      server.time().advance(Duration.ofMinutes(61));
      assertThat(new Visitor(server).get(late).status()).isEqualTo(404);
    }

    @Test
    void isNotReplacedByAFormThatWasOpenedInTimeAndSentTooLate() {
      Account account = server.account(Optional.of(PASSWORD));
      for (Duration open : List.of(Duration.ofMinutes(59), Duration.ofMinutes(61))) {
        asked(account.email());
        String link = linkTo(account.email());
        Visitor visitor = new Visitor(server);
        visitor.get(link);
        server.time().advance(open);
        int status = open.toMinutes() < 60 ? 303 : 404;
        Map<String, String> form = Map.of("password", "words of " + open.toMinutes() + " minutes");
        assertThat(visitor.post(link, form).status()).isEqualTo(status);
      }
      Visitor.loggedIn(server, account.email(), "words of 59 minutes");
    }

    @Test
    void theAnswerIsTheSameForAnAddressThatNobodyHas() {
      Account account = server.account(Optional.of(PASSWORD));
      Reply known = asked(account.email());
      Reply unknown = asked("nobody@example.com");
      assertThat(known.body().replace(account.email(), "X"))
          .isEqualTo(unknown.body().replace("nobody@example.com", "X"));
      assertThat(mailsTo("nobody@example.com")).isEmpty();
    }

    @Test
    void theLinkGoesToTheAddressAsItsOwnerWroteIt() {
      Account account = server.account(Optional.of(PASSWORD));
      // The same to us, and another mailbox to the world: full-width letters.
      String other = account.email().replace('p', '\uff50');
      asked(other);
      assertThat(mailsTo(other)).isEmpty();
      assertThat(mailsTo(account.email())).hasSize(1);
    }

    @Test
    void isSetForTheFirstTimeByALinkOfTheOperator() {
      Account account = server.account();
      String link = "/reset-password/" + server.resetLink(account.email());
      Visitor visitor = new Visitor(server);
      visitor.get(link);
      assertThat(visitor.post(link, Map.of("password", PASSWORD)).status()).isEqualTo(303);
      Visitor.loggedIn(server, account.email(), PASSWORD);
    }
  }

  @Nested
  class NewAddress {
    @Test
    void isTakenWhenItsLinkIsOpenedAndTheOldOneIsTold() {
      Account account = server.account(Optional.of(PASSWORD));
      Visitor visitor = Visitor.loggedIn(server, account.email(), PASSWORD);
      visitor.get("/profile");
      String next = address();
      visitor.post("/profile/email", Map.of("email", next, "email_password", PASSWORD));
      assertThat(server.as(account.productionKey()).get("/v2/users").text("email"))
          .isEqualTo(account.email());
      String link = linkTo(next);
      visitor.get(link);
      server.time().advance(Duration.ofSeconds(1));
      assertThat(visitor.post(link, Map.of()).status()).isEqualTo(303);
      assertThat(server.as(account.productionKey()).get("/v2/users").text("email")).isEqualTo(next);
      assertThat(mailsTo(account.email()).getFirst()).contains(next);
      Visitor.loggedIn(server, next, PASSWORD);
    }

    @Test
    void isNotAskedForWithoutThePassword() {
      Account account = server.account(Optional.of(PASSWORD));
      Visitor visitor = Visitor.loggedIn(server, account.email(), PASSWORD);
      visitor.get("/profile");
      String next = address();
      assertThat(
              visitor
                  .post("/profile/email", Map.of("email", next, "email_password", "wrong"))
                  .status())
          .isEqualTo(422);
      assertThat(mailsTo(next)).isEmpty();
    }

    @Test
    void aPartnerThatChangesItCannotHaveThePasswordSentThere() {
      Account partner = server.partner();
      String email = address();
      Reply made =
          server
              .as(partner.productionKey())
              .post(
                  "/v2/referral_customers",
                  "{\"user\":{\"name\":\"R\",\"email\":\"" + email + "\",\"phone_number\":\"1\"}}");
      String link = "/reset-password/" + server.resetLink(email);
      Visitor owner = new Visitor(server);
      owner.get(link);
      owner.post(link, Map.of("password", PASSWORD));
      String other = address();
      server
          .as(partner.productionKey())
          .put(
              "/v2/referral_customers/" + made.text("id"),
              "{\"user\":{\"email\":\"" + other + "\"}}");
      Visitor.loggedIn(server, email, PASSWORD);
      assertThat(server.rows("select 1 from people where email = ?", other)).isEmpty();
    }
  }
}
