package postern.billing.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import postern.main.TestClient.Reply;
import postern.main.TestServer.Account;
import postern.testing.Waiting;

/** What fills a wallet by itself. */
class RechargeTest extends MoneyTest {
  private static List<String> payments(Account account) {
    return rows(
        server(),
        "select kind || ' ' || state || ' ' || amount_micros / 1000000 from payments"
            + " where root_id = ? order by created_at, id",
        uuid(account.id()));
  }

  private static List<String> events(Account account, String kind) {
    return each(
        as(account).get("/v2/events?page_size=100&description=" + kind), "events", "description");
  }

  private static void awaitBalance(Account account, String balance) throws Exception {
    Waiting.until("a balance of " + balance, () -> balance(account).equals(balance));
  }

  @Nested
  class Begins {
    @Test
    void whenAChargeBringsTheBalanceUnderTheThreshold() throws Exception {
      Account parent = withMoney(25);
      set(parent, parent.id(), "\"recharge_amount\":\"50.00\",\"recharge_threshold\":\"20.00\"");
      assertThat(charge(parent, "5").text("balance")).isEqualTo("20.00000");
      assertThat(payments(parent)).hasSize(1);
      assertThat(charge(parent, "0.01").text("balance")).isEqualTo("19.99000");
      awaitBalance(parent, "69.99000");
      assertThat(payments(parent))
          .containsExactlyInAnyOrder("fund settled 25", "recharge settled 50");
      assertThat(events(parent, "payment.created")).hasSize(2);
      assertThat(events(parent, "payment.completed")).hasSize(2);
    }

    @Test
    void whenACardHasToCoverWhatIsMissing() {
      Account parent = withMoney(1);
      set(parent, parent.id(), "\"recharge_amount\":\"20.00\"");
      Reply reply = charge(parent, "45");
      assertThat(reply.status()).as(reply.body()).isEqualTo(201);
      assertThat(reply.text("balance")).isEqualTo("16.00000");
      assertThat(payments(parent)).contains("recharge settled 60");
    }

    @Test
    void onceForManyAtOnce() {
      Account parent = withMoney(0);
      set(parent, parent.id(), "\"recharge_amount\":\"100.00\"");
      List<Integer> statuses =
          IntStream.range(0, 16).parallel().mapToObj(i -> charge(parent, "5").status()).toList();
      assertThat(statuses).containsOnly(201);
      assertThat(payments(parent)).containsExactly("recharge settled 100");
      assertThat(balance(parent)).isEqualTo("20.00000");
    }

    @Test
    void withTheFeeOfTheCardAsAnEntryOfItsOwn() {
      Account parent = withMoney(0);
      charge(parent, "10");
      Reply ledger = as(parent).get("/v2/ledger");
      assertThat(each(ledger, "ledger", "kind")).containsExactly("charge", "card_fee", "payment");
      assertThat(each(ledger, "ledger", "amount"))
          .containsExactly("-10.00000", "-3.00000", "103.00000");
      assertThat(
              rows(server(), "select amount_cents from sandbox_intents order by created_at desc"))
          .contains("10300");
    }

    @Test
    void notWithoutAMethod() {
      Account parent = server().account();
      assertRefused(charge(parent, "1"), 402, "INSUFFICIENT_FUNDS");
      assertThat(payments(parent)).isEmpty();
    }

    @Test
    void notForMoreThanTheLargest() {
      Account parent = withMoney(0);
      assertRefused(charge(parent, "10000.01"), 402, "INSUFFICIENT_FUNDS");
      assertThat(payments(parent)).isEmpty();
    }
  }

  @Nested
  class AfterAFailure {
    @Test
    void theSecondaryMethodIsChargedWithItsOwnAmount() {
      Account parent = server().account();
      addCard(parent, "pm_card_chargeCustomerFail", "primary");
      addCard(parent, "pm_card_mastercard", "secondary");
      set(
          parent,
          parent.id(),
          "\"recharge_amount\":\"100.00\",\"secondary_recharge_amount\":\"30.00\"");
      Reply reply = charge(parent, "31");
      assertThat(reply.status()).as(reply.body()).isEqualTo(201);
      assertThat(reply.text("balance")).isEqualTo("29.00000");
      assertThat(payments(parent))
          .containsExactlyInAnyOrder("recharge failed 100", "recharge settled 60");
      assertThat(events(parent, "payment.failed")).hasSize(1);
    }

    @Test
    void noneIsTriedForAWhileThatGrows() {
      Account parent = server().account();
      addCard(parent, "pm_card_insufficientFunds", "primary");
      assertRefused(charge(parent, "1"), 402, "INSUFFICIENT_FUNDS");
      assertRefused(charge(parent, "1"), 402, "INSUFFICIENT_FUNDS");
      assertThat(payments(parent)).hasSize(1);
      server().time().advance(Duration.ofSeconds(61));
      assertRefused(charge(parent, "1"), 402, "INSUFFICIENT_FUNDS");
      assertThat(payments(parent)).hasSize(2);
      server().time().advance(Duration.ofSeconds(61));
      assertRefused(charge(parent, "1"), 402, "INSUFFICIENT_FUNDS");
      assertThat(payments(parent)).hasSize(2);
      server().time().advance(Duration.ofSeconds(61));
      assertRefused(charge(parent, "1"), 402, "INSUFFICIENT_FUNDS");
      assertThat(payments(parent)).hasSize(3);
    }

    @Test
    void aNewCardIsTriedAtOnce() {
      Account parent = server().account();
      addCard(parent, "pm_card_chargeCustomerFail", "primary");
      assertRefused(charge(parent, "1"), 402, "INSUFFICIENT_FUNDS");
      addCard(parent, "pm_card_visa", "primary");
      assertThat(charge(parent, "1").status()).isEqualTo(201);
    }
  }

  @Test
  void anAnswerThatWasLostIsAskedForAgainAndNobodyPaysTwice() throws Exception {
    Account parent = server().account();
    addCard(parent, "pm_card_answerLost", "primary");
    Thread charging = Thread.ofVirtual().start(() -> charge(parent, "40"));
    Waiting.until(
        "the money has moved",
        () ->
            rows("sandbox_intents", "method = 'pm_card_answerLost' and confirmations = 1").size()
                == 1);
    Waiting.until(
        "the payment waits",
        () ->
            !rows(
                    "payments",
                    "root_id = ? and attempts = 1 and due_at < ?::timestamptz",
                    uuid(parent.id()),
                    server().time().instant().plusSeconds(30).toString())
                .isEmpty());
    server().time().advance(Duration.ofSeconds(30));
    server().wakePayments();
    charging.join();
    awaitBalance(parent, "60.00000");
    assertThat(payments(parent)).containsExactly("recharge settled 100");
    assertThat(rows("sandbox_intents", "method = 'pm_card_answerLost' and status = 'succeeded'"))
        .hasSize(1);
  }

  @Test
  void settingsThatWouldLoopAreRefused() {
    Account parent = server().account();
    for (Map.Entry<String, String> set :
        Map.of("100.00", "100.00", "99.99", "100.00", "0.00", "0.00").entrySet()) {
      Reply reply =
          as(parent)
              .patch(
                  "/v2/users",
                  "{\"user\":{\"recharge_amount\":\"%s\",\"recharge_threshold\":\"%s\"}}"
                      .formatted(set.getKey(), set.getValue()));
      assertRefused(reply, 422, "PARAMETER.INVALID");
      assertThat(fieldsIn(reply)).containsExactly("user.recharge_threshold");
    }
    set(parent, parent.id(), "\"recharge_threshold\":\"99.99\"");
    assertRefused(
        as(parent).put("/v2/users", "{\"recharge_amount\":\"50\"}"), 422, "PARAMETER.INVALID");
  }

  @Test
  void aBankAccountHasNoFee() {
    Account parent = server().account();
    Reply added =
        as(parent)
            .post(
                "/v2/bank_accounts",
                "{\"financial_connections_id\":\"fca_1\",\"account_holder_name\":\"Acme\","
                    + "\"mandate_data\":{\"ip_address\":\"127.0.0.1\",\"user_agent\":\"a\","
                    + "\"accepted_at\":1722510730},\"priority\":\"primary\"}");
    assertThat(added.status()).as(added.body()).isEqualTo(201);
    assertThat(charge(parent, "1").text("balance")).isEqualTo("99.00000");
    assertThat(each(as(parent).get("/v2/ledger"), "ledger", "kind"))
        .containsExactly("charge", "payment");
  }
}
