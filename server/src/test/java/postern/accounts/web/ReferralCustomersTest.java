package postern.accounts.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import postern.main.RouteTest;
import postern.main.TestClient.Reply;
import postern.main.TestServer;
import postern.main.TestServer.Account;

/** {@code /v2/referral_customers}. */
class ReferralCustomersTest extends RouteTest {
  private static final String PATH = "/v2/referral_customers";
  private static int customers;

  private final Account partner = server().partner();

  private static Reply create(Account by) {
    customers++;
    return as(by)
        .post(
            PATH,
            "{\"user\":{\"name\":\"Test Referral\",\"email\":\"referral%d@example.com\","
                .concat("\"phone\":\"5555555555\"}}")
                .formatted(customers));
  }

  private static Account accountIn(Reply created) {
    assertThat(created.status()).as(created.body()).isEqualTo(201);
    return new Account(
        created.text("id"),
        created.text("api_keys.0.key"),
        created.text("api_keys.1.key"),
        created.text("email"));
  }

  @Nested
  class ACreatedOne {
    @Test
    void isATopLevelUserWithTermsOfItsOwn() {
      Reply created = create(partner);
      Account customer = accountIn(created);
      assertThat(created.text("parent_id")).isEqualTo("null");
      assertThat(created.text("cc_fee_rate")).isEqualTo("0.0375");
      assertThat(created.text("default_insurance_amount")).isEqualTo("50.00");
      assertThat(created.text("insurance_fee_minimum")).isEqualTo("0.50");
      assertThat(created.text("recharge_amount")).isEqualTo("null");
      assertThat(created.text("has_billing_method")).isEqualTo("null");
      assertThat(created.text("email")).isEqualTo("referral" + customers + "@example.com");
      Reply self = as(customer).get("/v2/users");
      assertThat(self.text("id")).isEqualTo(customer.id());
      List<String> members = new ArrayList<>(members(self, ""));
      members.add("api_keys");
      assertThat(members(created, "")).isEqualTo(members);
    }

    @Test
    void isSeenByNobodyElse() {
      Account customer = accountIn(create(partner));
      assertRefused(as(partner).get("/v2/users/" + customer.id()), 404, "NOT_FOUND");
      assertThat(as(partner).get("/v2/api_keys").body()).doesNotContain(customer.id());
      Account other = server().partner();
      assertThat(as(other).get(PATH).body()).doesNotContain(customer.id());
      assertRefused(
          as(other).put(PATH + "/" + customer.id(), "{\"user\":{\"email\":\"a@example.com\"}}"),
          404,
          "NOT_FOUND");
      assertRefused(
          as(other).get(PATH + "?before_id=" + customer.id()), 422, "PARAMETER.INVALID_TYPE");
    }

    @Test
    void hasItsOwnWallet() {
      Account customer = accountIn(create(partner));
      as(customer)
          .post("/v2/credit_cards", "{\"credit_card\":{\"payment_method_id\":\"pm_card_visa\"}}");
      Reply set = as(customer).put("/v2/users", "{\"recharge_amount\":\"40.00\"}");
      assertThat(set.text("has_billing_method")).isEqualTo("true");
      Reply charged = as(customer).post("/v2/charges", "{\"charge\":{\"amount\":\"1\"}}");
      assertThat(charged.text("balance")).isEqualTo("39.00000");
      assertThat(as(partner).get("/v2/users").text("balance")).isEqualTo("0.00000");
    }

    @Test
    void leavesAnEntryInBothAuditLogs() {
      Account customer = accountIn(create(partner));
      assertThat(as(partner).get("/v2/audit_log?action=referral_customer.created").body())
          .contains(customer.id());
      assertThat(
              as(customer).get("/v2/audit_log?action=user.created").text("audit_log.0.actor.kind"))
          .isEqualTo("key");
    }

    @Test
    void needsNameEmailAndPhone() {
      Reply refused = as(partner).post(PATH, "{\"user\":{}}");
      assertRefused(refused, 422, "PARAMETER.REQUIRED");
      assertThat(fieldsIn(refused)).containsExactly("user.name", "user.email", "user.phone_number");
    }

    @Test
    void isForPartnersAlone() {
      assertRefused(create(server().account()), 401, "UNAUTHORIZED");
      assertRefused(create(child(partner)), 401, "UNAUTHORIZED");
      Reply refused = as(server().account()).get(PATH);
      assertThat(refused.text("error.message"))
          .isEqualTo(
              "Your account is not enabled to access the Partner White Label API. Contact EasyPost"
                  + " to request access.");
    }
  }

  @Nested
  class TheList {
    @Test
    void isOldestFirstAndNewestFirstBeforeACursor() {
      List<String> ids = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        ids.add(accountIn(create(partner)).id());
        server().time().advance(Duration.ofSeconds(1));
      }
      Reply first = as(partner).get(PATH);
      assertThat(members(first, "")).containsExactly("has_more", "referral_customers");
      assertThat(each(first, "referral_customers", "id")).isEqualTo(ids.subList(0, 10));
      assertThat(first.text("has_more")).isEqualTo("true");
      Reply before = as(partner).get(PATH + "?page_size=3&before_id=" + ids.get(5));
      assertThat(each(before, "referral_customers", "id"))
          .containsExactly(ids.get(4), ids.get(3), ids.get(2));
      assertThat(before.text("has_more")).isEqualTo("true");
      Reply after = as(partner).get(PATH + "?after_id=" + ids.get(9));
      assertThat(each(after, "referral_customers", "id")).isEqualTo(ids.subList(10, 12));
      assertThat(after.text("has_more")).isEqualTo("false");
    }

    @Test
    void holdsChildren() {
      Account customer = accountIn(create(partner));
      Account child = child(customer);
      assertThat(as(partner).get(PATH).text("referral_customers.0.children.0.id"))
          .isEqualTo(child.id());
    }
  }

  @Nested
  class TheAddress {
    private static final String BODY = "{\"user\":{\"email\":\"%s\"}}";

    @Test
    void isChangedByThePartnerAndByItsOwner() {
      Account customer = accountIn(create(partner));
      Reply changed =
          as(partner).put(PATH + "/" + customer.id(), BODY.formatted("new1@example.com"));
      assertThat(changed.status()).isEqualTo(200);
      assertThat(changed.body())
          .isEqualTo("{\"message\":\"Referral Customer email updated successfully\"}");
      assertThat(as(customer).get("/v2/users").text("email")).isEqualTo("new1@example.com");
      assertThat(as(customer).put(PATH, BODY.formatted("new2@example.com")).status())
          .isEqualTo(200);
      assertThat(as(customer).get("/v2/users").text("email")).isEqualTo("new2@example.com");
      assertThat(as(customer).get("/v2/events?description=user.updated").list("events")).hasSize(2);
    }

    @Test
    void isNotChangedBy() {
      Account customer = accountIn(create(partner));
      String path = PATH + "/" + customer.id();
      assertRefused(as(partner).patch(path, BODY.formatted("x@example.com")), 404, "NOT_FOUND");
      assertRefused(as(partner).put(path, "{}"), 422, "PARAMETER.REQUIRED");
      assertRefused(as(partner).put(path, BODY.formatted("nobody")), 422, "PARAMETER.INVALID");
      assertRefused(as(partner).put(PATH, BODY.formatted("y@example.com")), 404, "NOT_FOUND");
    }
  }

  @Test
  void thePublicKeyIsForPartners() {
    for (String root : List.of("/v2", "/beta")) {
      String path = root + "/partners/stripe_public_key";
      assertThat(as(partner).get(path).body()).isEqualTo("{\"public_key\":\"pk_sandbox_postern\"}");
      assertRefused(as(server().account()).get(path), 401, "UNAUTHORIZED");
      assertRefused(server().as(partner.testKey()).get(path), 403, "MODE.UNAUTHORIZED");
    }
  }

  @Test
  void mayHaveAnAddressThatIsMadeForIt() {
    try (TestServer synthetic =
        TestServer.start(java.util.Map.of("referrals.email", "synthetic"))) {
      Account by = synthetic.partner();
      String body =
          "{\"user\":{\"name\":\"A\",\"email\":\"same@example.com\",\"phone\":\"5555555555\"}}";
      for (int i = 0; i < 2; i++) {
        assertThat(synthetic.as(by.productionKey()).post(PATH, body).text("email"))
            .matches("referral_customer_[0-9a-f]{32}@donotemail\\.invalid");
      }
    }
  }
}
