package postern.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import postern.main.TestClient.Reply;
import postern.main.TestServer;
import postern.main.TestServer.Account;

/** What a credential has opened ends with the credential: links in mails, and sessions. */
class StandingAuthorityTest {
  private static final String PASSWORD = "four words are enough";
  private static final String NEXT = "four other words here";

  @SuppressWarnings("NullAway.Init")
  private static TestServer server;

  @SuppressWarnings("NullAway.Init")
  private static Mailbox mails;

  private final Account account = server.account(Optional.of(PASSWORD));
  private final String elsewhere = "new-" + account.email();
  private Visitor owner = new Visitor(server);

  @BeforeAll
  static void start() {
    server = TestServer.start(Map.of("signup.mode", "open", "mail.capture", "true"));
    mails = new Mailbox(server);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void logIn() {
    owner = loggedIn(PASSWORD);
    owner.get("/profile");
  }

  private Visitor loggedIn(String password) {
    return Visitor.loggedIn(server, account.email(), password);
  }

  private static boolean isIn(Visitor visitor) {
    return visitor.get("/overview").status() == 200;
  }

  private Reply changeAsked() {
    // Mails of one moment have no order.
    server.time().advance(Duration.ofSeconds(1));
    owner.get("/profile");
    return owner.post("/profile/email", Map.of("email", elsewhere, "email_password", PASSWORD));
  }

  private String changeLink() {
    assertThat(changeAsked().status()).isEqualTo(303);
    return mails.link(elsewhere, "change-email");
  }

  private String resetLink() {
    server.time().advance(Duration.ofSeconds(1));
    server.askForReset(account.email());
    return mails.link(account.email(), "reset-password");
  }

  private static int opened(Visitor visitor, String link, Map<String, String> fields) {
    visitor.get("/log-in");
    return visitor.post(link, fields).status();
  }

  private void reset() {
    int status =
        opened(
            new Visitor(server),
            "/reset-password/" + server.resetLink(account.email()),
            Map.of("password", NEXT));
    assertThat(status).isEqualTo(303);
  }

  private void changePassword() {
    owner.get("/profile");
    Reply reply =
        owner.post("/profile/password", Map.of("current_password", PASSWORD, "new_password", NEXT));
    assertThat(reply.status()).isEqualTo(303);
  }

  private void changePasswordOverTheApi() {
    Reply reply =
        server
            .as(account.productionKey())
            .put(
                "/v2/users",
                "{\"user\":{\"password\":\""
                    + NEXT
                    + "\",\"current_password\":\""
                    + PASSWORD
                    + "\"}}");
    assertThat(reply.status()).isEqualTo(200);
  }

  /** Every way to a new password. */
  private List<Runnable> newPasswords() {
    return List.of(this::reset, this::changePassword, this::changePasswordOverTheApi);
  }

  private String email() {
    return server.as(account.productionKey()).get("/v2/users").text("email");
  }

  private List<String> openLinks() {
    return server.rows(
        "select kind from links where used_at is null and expires_at > ?"
            + " and (email in (?, ?) or person_id = (select id from people where email = ?))",
        server.time().instant().atOffset(ZoneOffset.UTC),
        account.email(),
        elsewhere,
        account.email());
  }

  @Nested
  class ANewPasswordEnds {
    private void everyLink(Runnable change) {
      changeLink();
      resetLink();
      owner.post("/profile/verification", Map.of());
      assertThat(openLinks())
          .contains("email_change", "email_change_stop", "password_reset", "verification");
      change.run();
      assertThat(openLinks()).isEmpty();
    }

    @Test
    void everyOpenLinkWhenItIsReset() {
      everyLink(StandingAuthorityTest.this::reset);
    }

    @Test
    void everyOpenLinkWhenItIsChanged() {
      everyLink(StandingAuthorityTest.this::changePassword);
    }

    @Test
    void everyOpenLinkWhenItIsChangedOverTheApi() {
      everyLink(StandingAuthorityTest.this::changePasswordOverTheApi);
    }

    @Test
    void theWayOfAThiefToTheAddress() {
      String link = changeLink();
      reset();
      Visitor visitor = loggedIn(NEXT);
      assertThat(visitor.get(link).status()).isEqualTo(404);
      assertThat(opened(visitor, link, Map.of())).isEqualTo(404);
      assertThat(email()).isEqualTo(account.email());
    }

    @Test
    void theLinkThatWasAskedForBeforeIt() {
      String link = resetLink();
      changePassword();
      assertThat(opened(new Visitor(server), link, Map.of("password", PASSWORD))).isEqualTo(404);
      assertThat(isIn(loggedIn(NEXT))).isTrue();
    }

    @Test
    void everySessionWhenItIsReset() {
      Visitor other = loggedIn(PASSWORD);
      reset();
      assertThat(isIn(owner)).isFalse();
      assertThat(isIn(other)).isFalse();
    }

    @Test
    void everySessionWhenTheResetIsMadeInABrowserThatIsLoggedIn() {
      String link = resetLink();
      owner.get(link);
      assertThat(owner.post(link, Map.of("password", NEXT)).status()).isEqualTo(303);
      assertThat(isIn(owner)).isFalse();
    }

    @Test
    void everySessionButTheOneThatChangesIt() {
      Visitor other = loggedIn(PASSWORD);
      changePassword();
      assertThat(isIn(owner)).isTrue();
      assertThat(isIn(other)).isFalse();
    }

    @Test
    void withAMailInEachCase() {
      List<Runnable> ways = newPasswords();
      for (int i = 0; i < ways.size(); i++) {
        StandingAuthorityTest fresh = new StandingAuthorityTest();
        fresh.logIn();
        fresh.newPasswords().get(i).run();
        assertThat(mails.to(fresh.account.email()))
            .anyMatch(mail -> mail.contains("was changed, and all other sessions were ended"));
      }
    }
  }

  @Nested
  class ANewerLinkEnds {
    @Test
    void theOlderOnesOfItsKind() {
      String first = resetLink();
      String second = resetLink();
      assertThat(opened(new Visitor(server), first, Map.of("password", NEXT))).isEqualTo(404);
      assertThat(opened(new Visitor(server), second, Map.of("password", NEXT))).isEqualTo(303);
    }

    @Test
    void anOlderChangeToAnotherAddress() {
      String first = changeLink();
      owner.post(
          "/profile/email",
          Map.of("email", "third-" + account.email(), "email_password", PASSWORD));
      assertThat(owner.post(first, Map.of()).status()).isEqualTo(404);
      assertThat(email()).isEqualTo(account.email());
    }

    @Test
    void anOlderInvitation() {
      String guest = "guest-" + account.email();
      String first = "/invitation/" + server.invite(guest);
      String second = "/invitation/" + server.invite(guest);
      Map<String, String> fields = Map.of("name", "Guest", "password", NEXT);
      assertThat(opened(new Visitor(server), first, fields)).isEqualTo(404);
      assertThat(opened(new Visitor(server), second, fields)).isEqualTo(303);
    }
  }

  @Nested
  class ANewAddress {
    @Test
    void isConfirmedByItsOwnerOnly() {
      String link = changeLink();
      Visitor nobody = new Visitor(server);
      assertThat(nobody.get(link).header("Location")).startsWith("/log-in?next=%2Fchange-email");
      assertThat(opened(nobody, link, Map.of())).isEqualTo(303);
      Account other = server.account(Optional.of(PASSWORD));
      Visitor stranger = Visitor.loggedIn(server, other.email(), PASSWORD);
      stranger.get("/profile");
      assertThat(stranger.get(link).status()).isEqualTo(404);
      assertThat(stranger.post(link, Map.of()).status()).isEqualTo(404);
      assertThat(email()).isEqualTo(account.email());
      assertThat(owner.get(link).status()).isEqualTo(200);
      assertThat(owner.post(link, Map.of()).status()).isEqualTo(303);
      assertThat(email()).isEqualTo(elsewhere);
    }

    @Test
    void isAnnouncedToTheOldOneWithALinkThatStopsIt() {
      String link = changeLink();
      Visitor thief = owner;
      assertThat(mails.to(account.email()).getFirst()).contains(elsewhere);
      String stop = mails.link(account.email(), "stop-email-change");
      Visitor reader = new Visitor(server);
      for (int i = 0; i < 2; i++) {
        assertThat(reader.get(stop).status()).as("mail programs open links").isEqualTo(200);
      }
      assertThat(isIn(thief)).isTrue();
      assertThat(reader.post(stop, Map.of()).header("Location")).startsWith("/forgot-password");
      assertThat(isIn(thief)).isFalse();
      assertThat(opened(loggedIn(PASSWORD), link, Map.of())).isEqualTo(404);
      assertThat(email()).isEqualTo(account.email());
      assertThat(opened(new Visitor(server), stop, Map.of())).as("works once").isEqualTo(404);
    }

    @Test
    void isAnnouncedAlsoWhereItIsInUse() {
      Account taken = server.account(Optional.of(PASSWORD));
      owner.post("/profile/email", Map.of("email", taken.email(), "email_password", PASSWORD));
      assertThat(mails.to(account.email()).getFirst()).contains(taken.email(), "stop it");
    }

    @Test
    void endsWhatWasOpenedUnderTheOldOne() {
      String link = changeLink();
      String reset = resetLink();
      Visitor other = loggedIn(PASSWORD);
      owner.get("/profile");
      server.time().advance(Duration.ofSeconds(1));
      assertThat(owner.post(link, Map.of()).status()).isEqualTo(303);
      assertThat(isIn(owner)).isTrue();
      assertThat(isIn(other)).isFalse();
      assertThat(opened(new Visitor(server), reset, Map.of("password", NEXT))).isEqualTo(404);
      assertThat(mails.to(account.email()).getFirst()).contains("is now " + elsewhere);
    }
  }
}
