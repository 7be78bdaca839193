package postern.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import postern.main.TestClient.Reply;
import postern.main.TestServer;
import postern.main.TestServer.Account;

/** What strangers can cause for a person at most: guesses at its secrets, and mails. */
class ThrottleTest {
  private static final String PASSWORD = "four words are enough";
  private static final String NEXT = "four other words here";

  @SuppressWarnings("NullAway.Init")
  private static TestServer server;

  @SuppressWarnings("NullAway.Init")
  private static Mailbox mails;

  private final Account account = server.account(Optional.of(PASSWORD));

  @BeforeAll
  static void start() {
    server =
        TestServer.start(
            Map.of(
                "signup.mode",
                "open",
                "mail.capture",
                "true",
                "http.trusted-proxies",
                "127.0.0.1"));
    mails = new Mailbox(server);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static Visitor from(String address) {
    Visitor visitor = new Visitor(server).from(address);
    visitor.get("/log-in");
    return visitor;
  }

  private int tried(Visitor visitor, String password) {
    return tried(visitor, account.email(), password);
  }

  private static int tried(Visitor visitor, String email, String password) {
    visitor.get("/log-in");
    return visitor.post("/log-in", Map.of("email", email, "password", password)).status();
  }

  @Nested
  class Guesses {
    private void guessUntilStopped(String address) {
      Visitor stranger = from(address);
      for (int i = 0; i < 5; i++) {
        assertThat(tried(stranger, "wrong")).isEqualTo(422);
      }
      assertThat(tried(stranger, "wrong")).isEqualTo(429);
    }

    @Test
    void ofAStrangerDoNotLockTheOwnerOut() {
      Visitor open = from("192.0.2.1");
      assertThat(tried(open, PASSWORD)).isEqualTo(303);
      guessUntilStopped("203.0.113.1");
      assertThat(tried(from("203.0.113.1"), PASSWORD)).as("the stranger is stopped").isEqualTo(429);
      assertThat(tried(from("192.0.2.2"), PASSWORD)).as("another network").isEqualTo(303);
      open.get("/profile");
      assertThat(open.post("/confirm", Map.of("password", PASSWORD)).status())
          .as("an open session")
          .isEqualTo(303);
      Reply overTheApi =
          server
              .as(account.productionKey())
              .put(
                  "/v2/users",
                  "{\"user\":{\"password\":\""
                      + NEXT
                      + "\",\"current_password\":\""
                      + PASSWORD
                      + "\"}}");
      assertThat(overTheApi.status()).as("the API").isEqualTo(200);
    }

    @Test
    void ofOneNetworkAreCountedTogetherInIpv6() {
      Visitor stranger = from("2001:db8::1");
      for (int i = 0; i < 5; i++) {
        assertThat(tried(stranger.from("2001:db8::" + i), "wrong")).isEqualTo(422);
      }
      assertThat(tried(stranger.from("2001:db8::99"), PASSWORD)).isEqualTo(429);
      assertThat(tried(stranger.from("2001:db8:0:1::1"), PASSWORD)).isEqualTo(303);
    }

    @Test
    void behindTheNetworkOfTheOwnerLeaveItsBrowserAlone() {
      Visitor known = from("192.0.2.7");
      assertThat(tried(known, PASSWORD)).isEqualTo(303);
      known.get("/profile");
      known.post("/log-out", Map.of());
      guessUntilStopped("192.0.2.7");
      assertThat(tried(known, PASSWORD)).isEqualTo(303);
      Account other = server.account(Optional.of(PASSWORD));
      for (int i = 0; i < 5; i++) {
        tried(from("192.0.2.7"), other.email(), "wrong");
      }
      assertThat(tried(known, other.email(), PASSWORD))
          .as("known for its own person only")
          .isEqualTo(429);
    }

    @Test
    void ofManyNetworksAreSlowedDownUntilAReset() {
      Visitor known = from("192.0.2.9");
      assertThat(tried(known, PASSWORD)).isEqualTo(303);
      for (int i = 0; i < 20; i++) {
        assertThat(tried(from("198.51.100." + i), "wrong")).isEqualTo(422);
      }
      assertThat(tried(from("198.51.100.99"), PASSWORD)).isEqualTo(429);
      assertThat(tried(known, PASSWORD)).as("a known browser").isEqualTo(303);
      server.time().advance(Duration.ofSeconds(36));
      assertThat(tried(from("198.51.100.98"), "wrong")).as("one in 36 seconds").isEqualTo(422);
      assertThat(tried(from("198.51.100.97"), "wrong")).isEqualTo(429);
      String link = "/reset-password/" + server.resetLink(account.email());
      assertThat(from("192.0.2.10").post(link, Map.of("password", NEXT)).status()).isEqualTo(303);
      assertThat(tried(from("198.51.100.96"), NEXT)).isEqualTo(303);
    }

    @Test
    void ofTheOldPasswordHaveNoKnownBrowser() {
      Visitor thief = from("192.0.2.20");
      assertThat(tried(thief, PASSWORD)).isEqualTo(303);
      String link = "/reset-password/" + server.resetLink(account.email());
      from("192.0.2.21").post(link, Map.of("password", NEXT));
      for (int i = 0; i < 5; i++) {
        assertThat(tried(thief, "wrong")).isEqualTo(422);
      }
      assertThat(tried(from("192.0.2.20"), NEXT)).as("counted by its network").isEqualTo(429);
    }

    @Test
    void ofThePasswordOfASignUpAreCounted() {
      String email = "guessed@example.com";
      Visitor visitor = from("192.0.2.30");
      visitor.post("/sign-up", Map.of("name", "N", "email", email, "password", PASSWORD));
      String link = mails.link(email, "sign-up");
      Visitor thief = from("203.0.113.30");
      for (int i = 0; i < 5; i++) {
        assertThat(thief.post(link, Map.of("password", "wrong")).status()).isEqualTo(422);
      }
      assertThat(thief.post(link, Map.of("password", PASSWORD)).status()).isEqualTo(429);
      visitor.get(link);
      assertThat(visitor.post(link, Map.of()).status()).as("the owner").isEqualTo(303);
    }
  }

  @Nested
  class Mails {
    private void together(int count, Runnable request) throws Exception {
      List<Future<?>> running = new ArrayList<>();
      try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
        for (int i = 0; i < count; i++) {
          running.add(threads.submit(request));
        }
      }
      for (Future<?> request1 : running) {
        request1.get();
      }
    }

    @Test
    void areFiveAnHourForWhoForgotThePassword() throws Exception {
      together(
          20,
          () -> {
            Visitor visitor = from("192.0.2.40");
            assertThat(visitor.post("/forgot-password", Map.of("email", account.email())).status())
                .isEqualTo(200);
          });
      assertThat(mails.to(account.email())).hasSize(5);
    }

    @Test
    void areFiveAnHourForAnAddressThatIsSignedUpAgain() {
      for (int i = 0; i < 9; i++) {
        Visitor visitor = from("192.0.2." + (50 + i));
        Map<String, String> fields =
            Map.of("name", "N", "email", account.email(), "password", PASSWORD);
        assertThat(visitor.post("/sign-up", fields).status()).isEqualTo(200);
      }
      assertThat(mails.to(account.email())).hasSize(5);
      server.time().advance(Duration.ofHours(1));
      server.askForReset(account.email());
      assertThat(mails.to(account.email())).as("an hour later").hasSize(6);
    }

    @Test
    void areTenAnHourForAPersonThatAsks() {
      Visitor owner = from("192.0.2.70");
      tried(owner, PASSWORD);
      owner.get("/profile");
      for (int i = 0; i < 15; i++) {
        Map<String, String> fields =
            Map.of("email", "s" + i + "-" + account.email(), "email_password", PASSWORD);
        assertThat(owner.post("/profile/email", fields).status()).isEqualTo(303);
      }
      assertThat(
              server.rows("select id from mails where recipient like 's%-" + account.email() + "'"))
          .hasSize(10);
    }

    @Test
    void areAHundredAnHourFromANetwork() {
      for (int i = 0; i < 105; i++) {
        Visitor visitor = new Visitor(server).from("192.0.2.80");
        visitor.get("/forgot-password");
        visitor.post("/forgot-password", Map.of("email", "nobody" + i + "@example.com"));
      }
      Visitor visitor = from("192.0.2.80");
      visitor.post("/forgot-password", Map.of("email", account.email()));
      assertThat(mails.to(account.email())).isEmpty();
      from("192.0.2.81").post("/forgot-password", Map.of("email", account.email()));
      assertThat(mails.to(account.email())).hasSize(1);
    }
  }
}
