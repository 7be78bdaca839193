package postern.accounts.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import postern.main.RouteTest;
import postern.main.TestClient.Reply;
import postern.main.TestServer.Account;

/** What a tenant writes as an address or a number tells and takes nothing from other tenants. */
class AddressesTest extends RouteTest {
  private static final String CUSTOMERS = "/v2/referral_customers";
  private static final String CHILD = "{\"user\":{\"email\":\"%s\",\"phone_number\":\"%s\"}}";

  @Test
  void childrenOfTwoFamiliesMayHaveTheSame() {
    for (Account parent : List.of(server().account(), server().account())) {
      Reply made = as(parent).post("/v2/users", CHILD.formatted("kid@example.com", "+15550107777"));
      assertThat(made.status()).as(made.body()).isEqualTo(201);
      assertThat(made.text("email")).isEqualTo("kid@example.com");
    }
  }

  @Test
  void aChildMayHaveThatOfAnotherAccount() {
    Account other = server().account();
    Reply made =
        as(server().account()).post("/v2/users", CHILD.formatted(other.email(), "+15550107778"));
    assertThat(made.status()).as(made.body()).isEqualTo(201);
  }

  // Recorded: 201 each time with test@example.com, and 200 for one address on several customers.
  @Test
  void referralCustomersMayShareOne() {
    Account partner = server().partner();
    for (Account by : List.of(partner, partner, server().partner())) {
      Reply made =
          as(by)
              .post(
                  CUSTOMERS,
                  "{\"user\":{\"name\":\"R\",\"email\":\"test@example.com\",\"phone\":\"5555555555\"}}");
      assertThat(made.status()).as(made.body()).isEqualTo(201);
      assertThat(made.text("email")).isEqualTo("test@example.com");
      for (String next : List.of("updated@example.com", partner.email())) {
        Reply changed =
            as(by)
                .put(CUSTOMERS + "/" + made.text("id"), "{\"user\":{\"email\":\"" + next + "\"}}");
        assertThat(changed.status()).as(changed.body()).isEqualTo(200);
      }
      Account customer = accountIn(made);
      assertThat(as(customer).get("/v2/users").text("email")).isEqualTo(partner.email());
    }
  }

  @Test
  void thatOfADeletedChildIsFreeAndComesBackWithItUnlessItWasTaken() {
    Account parent = server().account();
    String body = CHILD.formatted("gone@example.com", "+15550107779");
    Account first = childOf(as(parent).post("/v2/users", body));
    assertThat(as(parent).delete("/v2/users/" + first.id()).status()).isEqualTo(204);
    Account second = childOf(as(parent).post("/v2/users", body));
    Reply refused = restore(parent, first);
    assertRefused(refused, 422, "USER.INVALID");
    assertThat(refused.body()).contains("delete that child before you restore this one");
    assertThat(as(parent).get("/v2/users/" + first.id()).status()).isEqualTo(404);
    assertRefused(as(first).get("/v2/users"), 403, "APIKEY.INACTIVE");
    as(parent).delete("/v2/users/" + second.id());
    assertThat(restore(parent, first).text("email")).isEqualTo("gone@example.com");
    assertRefused(as(parent).post("/v2/users", body), 422, "USER.INVALID");
    assertRefused(restore(parent, second), 422, "USER.INVALID");
  }

  private static Reply restore(Account parent, Account child) {
    return as(parent).post("/v2/users/" + child.id() + "/restore", null);
  }

  private static Account accountIn(Reply created) {
    return new Account(
        created.text("id"), created.text("api_keys.0.key"), created.text("api_keys.1.key"), "");
  }
}
