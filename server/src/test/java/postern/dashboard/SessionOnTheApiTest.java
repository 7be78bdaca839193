package postern.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import postern.main.RouteTest;
import postern.main.TestClient.Reply;
import postern.main.TestServer.Account;

/** The API takes a session too, but only from a page of this server's. */
class SessionOnTheApiTest extends RouteTest {
  private static final String PASSWORD = "four words are enough";

  private static Account account() {
    return server().account(Optional.of(PASSWORD));
  }

  private static Visitor loggedIn(Account account) {
    return Visitor.loggedIn(server(), account.email(), PASSWORD);
  }

  @Test
  void opensItWithTheTokenOfAPageOnly() {
    Account account = account();
    Visitor visitor = loggedIn(account);
    visitor.get("/overview");
    String cookie = String.valueOf(visitor.cookie());
    Reply without =
        server().as(null).send("GET", "/v2/users", null, null, Map.of("Cookie", cookie));
    assertRefused(without, 401, "UNAUTHORIZED");
    Reply with =
        server()
            .as(null)
            .send(
                "GET",
                "/v2/users",
                null,
                null,
                Map.of("Cookie", cookie, "X-CSRF-Token", visitor.formToken()));
    assertThat(with.text("id")).isEqualTo(account.id());
  }

  @Test
  void saysThatItWasThePerson() {
    Account account = account();
    Visitor visitor = loggedIn(account);
    visitor.get("/overview");
    Map<String, String> headers =
        Map.of("Cookie", String.valueOf(visitor.cookie()), "X-CSRF-Token", visitor.formToken());
    // Entries of one moment have no order.
    server().time().advance(java.time.Duration.ofSeconds(1));
    server()
        .as(null)
        .send("POST", "/v2/users", "application/json", "{\"name\":\"By session\"}", headers);
    Reply log = as(account).get("/v2/audit_log?action=user.created");
    assertThat(log.text("audit_log.0.target.name")).isEqualTo("By session");
    assertThat(log.text("audit_log.0.actor.kind")).isEqualTo("person");
  }
}
