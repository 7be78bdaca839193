package postern.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import postern.main.TestClient.Reply;
import postern.main.TestServer;
import postern.main.TestServer.Account;

/** An address that a tenant wrote keeps its owner from nothing, and opens nothing unproved. */
class UnprovedAddressTest {
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
    return "owner-" + Long.toString(System.nanoTime(), 36) + "@example.com";
  }

  /** Signs up, and opens the link of the mail. */
  private static Reply signUp(String email) {
    Visitor visitor = new Visitor(server);
    visitor.get("/sign-up");
    visitor.post("/sign-up", Map.of("name", "Ada", "email", email, "password", PASSWORD));
    String mails = visitor.get("/dev/mail").body();
    Matcher row = Pattern.compile("/dev/mail/mail_[0-9a-f]{32}").matcher(mails);
    while (row.find()) {
      String mail = visitor.get(row.group()).body();
      Matcher link =
          Pattern.compile("href=\"http://localhost:\\d+(/sign-up/[^\"]+)\"").matcher(mail);
      if (mail.contains("To " + email + ",") && link.find()) {
        visitor.get(link.group(1));
        return visitor.post(link.group(1), Map.of());
      }
    }
    throw new AssertionError("no mail with a link for " + email);
  }

  private static Reply referred(Account partner, String email) {
    return server
        .as(partner.productionKey())
        .post(
            "/v2/referral_customers",
            "{\"user\":{\"name\":\"R\",\"email\":\"" + email + "\",\"phone_number\":\"1\"}}");
  }

  @Test
  void isStillItsOwnersToSignUpWith() {
    String email = address();
    Account parent = server.account();
    Reply child =
        server
            .as(parent.productionKey())
            .post("/v2/users", "{\"user\":{\"email\":\"" + email + "\"}}");
    assertThat(child.status()).isEqualTo(201);
    assertThat(referred(server.partner(), email).status()).isEqualTo(201);
    assertThat(signUp(email).status()).isEqualTo(303);
    Visitor.loggedIn(server, email, PASSWORD);
    assertThat(
            server
                .as(child.text("api_keys.1.key"))
                .get("/v2/users/" + child.text("id"))
                .text("email"))
        .isEqualTo(email);
  }

  @Test
  void opensNoLogInBeforeItIsProved() {
    String email = address();
    Account customer = accountOf(referred(server.partner(), email));
    server
        .as(customer.productionKey())
        .put("/v2/users", "{\"user\":{\"password\":\"" + PASSWORD + "\"}}");
    assertThat(logIn(email).status()).isEqualTo(422);
    Visitor owner = new Visitor(server);
    String link = "/reset-password/" + server.resetLink(email);
    owner.get(link);
    owner.post(link, Map.of("password", PASSWORD));
    assertThat(logIn(email).status()).isEqualTo(303);
  }

  @Test
  void isOfThePersonWhoProvesItFirst() {
    String email = address();
    referred(server.partner(), email);
    String early = "/reset-password/" + server.resetLink(email);
    signUp(email);
    Visitor late = new Visitor(server);
    late.get(early);
    assertThat(late.post(early, Map.of("password", PASSWORD + "2")).status()).isEqualTo(422);
    Visitor.loggedIn(server, email, PASSWORD);
  }

  @Test
  void tellsNothingToOtherTenants() {
    Account known = server.account(Optional.of(PASSWORD));
    Account partner = server.partner();
    Account other = accountOf(referred(partner, address()));
    Reply changed =
        server
            .as(partner.productionKey())
            .put(
                "/v2/referral_customers/" + other.id(),
                "{\"user\":{\"email\":\"" + known.email() + "\"}}");
    assertThat(changed.status()).as(changed.body()).isEqualTo(200);
    Visitor.loggedIn(server, known.email(), PASSWORD);
  }

  private static Reply logIn(String email) {
    Visitor visitor = new Visitor(server);
    visitor.get("/log-in");
    return visitor.post("/log-in", Map.of("email", email, "password", PASSWORD));
  }

  private static Account accountOf(Reply made) {
    assertThat(made.status()).as(made.body()).isEqualTo(201);
    return new Account(
        made.text("id"),
        made.text("api_keys.0.key"),
        made.text("api_keys.1.key"),
        made.text("email"));
  }
}
