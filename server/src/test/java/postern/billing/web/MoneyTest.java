package postern.billing.web;

import static org.assertj.core.api.Assertions.assertThat;

import postern.main.RouteTest;
import postern.main.TestClient.Reply;
import postern.main.TestServer.Account;

/** What tests of money do again and again. */
abstract class MoneyTest extends RouteTest {
  /** A parent with a card that works, and so many dollars in its wallet. */
  static Account withMoney(int dollars) {
    Account account = server().account();
    String card = addCard(account, "pm_card_visa", "primary");
    if (dollars > 0) {
      fund(account, card, dollars);
    }
    return account;
  }

  /** Puts a card in its place; its id. */
  static String addCard(Account account, String reference, String priority) {
    Reply added =
        as(account)
            .post(
                "/v2/credit_cards",
                "{\"credit_card\":{\"payment_method_id\":\"%s\",\"priority\":\"%s\"}}"
                    .formatted(reference, priority));
    assertThat(added.status()).as(added.body()).isEqualTo(201);
    return added.text("id");
  }

  static void fund(Account account, String card, int dollars) {
    Reply funded = tryToFund(account, card, dollars);
    assertThat(funded.status()).as(funded.body()).isEqualTo(201);
    assertThat(funded.body()).isEqualTo("{}");
  }

  static Reply tryToFund(Account account, String card, int dollars) {
    return as(account)
        .post("/v2/credit_cards/" + card + "/charges", "{\"amount\":\"" + dollars * 100 + "\"}");
  }

  static Reply charge(Account account, String amount) {
    return as(account).post("/v2/charges", "{\"charge\":{\"amount\":\"" + amount + "\"}}");
  }

  static Reply charge(Account account, String amount, String reference) {
    return as(account)
        .post(
            "/v2/charges",
            "{\"charge\":{\"amount\":\"%s\",\"reference\":\"%s\"}}".formatted(amount, reference));
  }

  static String balance(Account account) {
    return as(account).get("/v2/users").text("balance");
  }

  /** What a parent sets of itself or of a child. */
  static void set(Account parent, String userId, String members) {
    Reply set = as(parent).patch("/v2/users/" + userId, "{\"user\":{" + members + "}}");
    assertThat(set.status()).as(set.body()).isEqualTo(200);
  }
}
