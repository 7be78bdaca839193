package postern.billing.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import postern.main.TestClient.Reply;
import postern.main.TestServer.Account;

/** Payment methods, funding and refunds. */
class PaymentMethodsTest extends MoneyTest {
  private final Account parent = server().account();

  private static Reply addBank(Account account, String connection, String at, String priority) {
    return as(account)
        .post(
            "/v2/bank_accounts",
            """
            {"financial_connections_id":"%s","account_holder_name":"Acme","mandate_data":
            {"ip_address":"127.0.0.1","user_agent":"Mozilla/5.0","accepted_at":%s},"priority":"%s"}
            """
                .formatted(connection, at, priority));
  }

  private static Reply refund(Account account, String members) {
    return as(account).post("/beta/referral_customers/refunds", "{" + members + "}");
  }

  private static List<String> payments(Account account) {
    return rows(
        server(),
        "select kind || ' ' || state || ' ' || amount_micros / 10000 || ' ' || refunded_micros / 10000"
            + " from payments where root_id = ? order by created_at, kind, id",
        uuid(account.id()));
  }

  @Nested
  class AddedMethods {
    @Test
    void standInTheirPlaces() {
      assertThat(as(parent).get("/v2/payment_methods").body())
          .isEqualTo(
              "{\"id\":null,\"object\":\"PaymentMethods\",\"primary_payment_method\":null,"
                  + "\"secondary_payment_method\":null}");
      String primary = addCard(parent, "pm_card_visa", "primary");
      String secondary = addBank(parent, "fca_1", "1722510730", "secondary").text("id");
      Reply methods = as(parent).get("/v2/payment_methods");
      assertThat(methods.text("id")).startsWith("cust_");
      assertThat(methods.text("primary_payment_method.id")).isEqualTo(primary).startsWith("pm_");
      assertThat(methods.text("secondary_payment_method.id")).isEqualTo(secondary);
      assertThat(members(methods, "primary_payment_method"))
          .containsExactly(
              "id", "disabled_at", "object", "name", "last4", "exp_month", "exp_year", "brand");
      assertThat(members(methods, "secondary_payment_method"))
          .containsExactly(
              "bank_name",
              "country",
              "disabled_at",
              "id",
              "last4",
              "object",
              "requires_mandate_collection",
              "verified");
      assertThat(as(parent).get("/v2/users").text("has_billing_method")).isEqualTo("true");
    }

    @Test
    void replaceWhatWasInTheirPlace() {
      String first = addCard(parent, "pm_card_visa", "PRIMARY");
      String second = addCard(parent, "pm_card_mastercard", "primary");
      assertThat(as(parent).get("/v2/payment_methods").text("primary_payment_method.id"))
          .isEqualTo(second);
      assertRefused(tryToFund(parent, first, 1), 404, "NOT_FOUND");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1722510730", "\"1722510730\"", "1.72251073E9"})
    void takeTheMomentOfTheMandateAsEveryClientSendsIt(String at) {
      Reply added = addBank(parent, "fca_2", at, "primary");
      assertThat(added.status()).as(added.body()).isEqualTo(201);
      assertThat(added.text("object")).isEqualTo("BankAccount");
    }

    @Test
    void areGoneWhenDeleted() {
      String card = addCard(parent, "pm_card_visa", "primary");
      assertRefused(as(parent).delete("/v2/bank_accounts/" + card), 404, "NOT_FOUND");
      Reply deleted = as(parent).delete("/v2/credit_cards/" + card);
      assertThat(deleted.status()).isEqualTo(200);
      assertThat(deleted.body()).isEqualTo("{}");
      assertRefused(as(parent).delete("/v2/credit_cards/" + card), 404, "NOT_FOUND");
      assertThat(as(parent).get("/v2/users").text("has_billing_method")).isEqualTo("false");
      assertThat(as(parent).get("/v2/payment_methods").text("id")).startsWith("cust_");
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        textBlock =
            """
            {"credit_card":{"payment_method_id":"pm_unknown"}}                        | 404 | CREDIT_CARD.NOT_FOUND
            {"credit_card":{"stripe_object_id":"","priority":"primary"}}              | 400 | BAD_REQUEST
            {"credit_card":{"priority":"primary"}}                                    | 422 | PARAMETER.REQUIRED
            {"credit_card":{"payment_method_id":"pm_card_visa","priority":"third"}}   | 422 | PARAMETER.INVALID
            {"credit_card":{"payment_method_id":7}}                                   | 422 | PARAMETER.INVALID_TYPE
            """)
    void areRefusedWith(String body, int status, String code) {
      assertRefused(as(parent).post("/v2/credit_cards", body), status, code);
    }
  }

  @Nested
  class Funding {
    @Test
    void addsTheAmountAndChargesTheFeeOnTop() {
      String card = addCard(parent, "pm_card_visa", "primary");
      fund(parent, card, 20);
      assertThat(balance(parent)).isEqualTo("20.00000");
      assertThat(rows("sandbox_intents", "amount_cents = 2060 and status = 'succeeded'"))
          .isNotEmpty();
    }

    @Test
    void takesNothingWhenTheGatewaySaysNo() {
      String card = addCard(parent, "pm_card_insufficientFunds", "primary");
      Reply refused = tryToFund(parent, card, 20);
      assertRefused(refused, 402, "PAYMENT.FAILED");
      assertThat(refused.text("error.errors.0.message")).isEqualTo("insufficient_funds");
      assertThat(balance(parent)).isEqualTo("0.00000");
      Reply events = as(parent).get("/v2/events?description=payment.failed");
      assertThat(events.list("events")).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"20.5\"", "0", "-1", "\"twenty\"", "100000001"})
    void isRefusedForWhatIsNoAmountOfCents(String amount) {
      String card = addCard(parent, "pm_card_visa", "primary");
      Reply refused =
          as(parent).post("/v2/credit_cards/" + card + "/charges", "{\"amount\":" + amount + "}");
      assertThat(refused.status()).as(refused.body()).isEqualTo(422);
      assertThat(fieldsIn(refused)).containsExactly("amount");
    }

    @Test
    void isForTheOwnersOfTheMethod() {
      String card = addCard(parent, "pm_card_visa", "primary");
      assertRefused(tryToFund(server().account(), card, 1), 404, "NOT_FOUND");
      assertRefused(tryToFund(child(parent), card, 1), 403, "USER.UNAUTHORIZED");
    }
  }

  @Nested
  class Refunds {
    @Test
    void giveTheNewestPaymentsBackFirst() {
      String card = addCard(parent, "pm_card_visa", "primary");
      fund(parent, card, 10);
      server().time().advance(Duration.ofSeconds(1));
      fund(parent, card, 5);
      server().time().advance(Duration.ofSeconds(1));
      Reply refunded = refund(parent, "\"refund_amount\":700");
      assertThat(refunded.status()).as(refunded.body()).isEqualTo(200);
      assertThat(members(refunded, ""))
          .containsExactly("refunded_amount", "payment_log_id", "refunded_payment_logs", "errors");
      assertThat(refunded.text("refunded_amount")).isEqualTo("700");
      assertThat(refunded.list("refunded_payment_logs")).hasSize(2);
      assertThat(balance(parent)).isEqualTo("8.00000");
      assertThat(payments(parent))
          .contains("fund settled 1000 200", "fund settled 500 500")
          .contains("refund settled 500 0", "refund settled 200 0");
      assertThat(as(parent).get("/v2/events?description=refund.successful").list("events"))
          .hasSize(2);
    }

    @Test
    void giveOnePaymentBack() {
      String card = addCard(parent, "pm_card_visa", "primary");
      fund(parent, card, 10);
      String log = each(as(parent).get("/v2/ledger"), "ledger", "payment_log_id").getFirst();
      assertRefused(
          refund(parent, "\"payment_log_id\":\"" + log + "\",\"refund_amount\":1"),
          422,
          "TRANSACTION.AMOUNT_DOES_NOT_MATCH");
      Reply refunded = refund(parent, "\"payment_log_id\":\"" + log + "\"");
      assertThat(refunded.text("refunded_amount")).isEqualTo("1000");
      assertThat(refunded.list("refunded_payment_logs").toString()).contains(log);
      assertThat(balance(parent)).isEqualTo("0.00000");
      assertRefused(
          refund(parent, "\"payment_log_id\":\"" + log + "\""), 422, "TRANSACTION.DOES_NOT_EXIST");
    }

    @Test
    void giveNothingBackThatWasSpent() {
      String card = addCard(parent, "pm_card_visa", "primary");
      fund(parent, card, 10);
      charge(parent, "9");
      assertRefused(refund(parent, "\"refund_amount\":101"), 422, "TRANSACTION.AMOUNT_INVALID");
      assertThat(refund(parent, "\"refund_amount\":100").status()).isEqualTo(200);
      assertThat(balance(parent)).isEqualTo("0.00000");
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        textBlock =
            """
            "refund_amount":2000             | TRANSACTION.AMOUNT_INVALID
            "refund_amount":2000.0           | TRANSACTION.AMOUNT_INVALID
            "refund_amount":"2000"           | TRANSACTION.AMOUNT_INVALID
            "refund_amount":"much"           | TRANSACTION.AMOUNT_INVALID
            "refund_amount":-5               | TRANSACTION.AMOUNT_INVALID
            "payment_log_id":"paylog_123"    | TRANSACTION.DOES_NOT_EXIST
            "other":1                        | PARAMETER.REQUIRED
            """)
    void areRefusedWith(String members, String code) {
      assertRefused(refund(parent, members), 422, code);
    }

    @Test
    void areForTheOwnersOfThePayment() {
      String card = addCard(parent, "pm_card_visa", "primary");
      fund(parent, card, 10);
      String log = each(as(parent).get("/v2/ledger"), "ledger", "payment_log_id").getFirst();
      Account stranger = withMoney(10);
      assertRefused(
          refund(stranger, "\"payment_log_id\":\"" + log + "\""),
          422,
          "TRANSACTION.DOES_NOT_EXIST");
    }
  }

  @Nested
  class WhatABrowserNeeds {
    @ParameterizedTest
    @ValueSource(strings = {"null", "{}", "[]", ""})
    void isMadeOfAnyBody(String body) {
      String json = body.isEmpty() ? null : body;
      Reply card = as(parent).post("/beta/setup_intents", json);
      assertThat(card.status()).isEqualTo(200);
      assertThat(card.text("client_secret")).matches("seti_\\w+_secret_\\w+");
      Reply bank = as(parent).post("/beta/financial_connections_sessions", json);
      assertThat(bank.status()).isEqualTo(201);
      assertThat(bank.text("client_secret")).startsWith("fcsess_client_secret_");
    }

    @Test
    void isAdoptedFromACustomerOfTheGateway() {
      String body =
          "{\"payment_method\":{\"stripe_customer_id\":\"%s\",\"payment_method_reference\":\"%s\","
              + "\"priority\":\"PRIMARY\"}}";
      String path = "/beta/referral_customers/payment_method";
      assertRefused(
          as(parent).post(path, body.formatted("cus_123", "ba_123")),
          422,
          "BILLING.INVALID_PAYMENT_GATEWAY_REFERENCE");
      Reply adopted = as(parent).post(path, body.formatted("cus_sandbox_mine", "ba_123"));
      assertThat(adopted.status()).as(adopted.body()).isEqualTo(201);
      assertThat(adopted.text("object")).isEqualTo("BankAccount");
      assertThat(charge(parent, "5").status()).isEqualTo(201);
      // What it is called is no secret to those who work with it: it still is nobody else's.
      assertRefused(
          as(server().account()).post(path, body.formatted("cus_sandbox_mine", "ba_123")),
          422,
          "BILLING.INVALID_PAYMENT_GATEWAY_REFERENCE");
    }
  }
}
