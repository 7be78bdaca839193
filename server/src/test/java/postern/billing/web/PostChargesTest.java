package postern.billing.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import postern.main.TestClient.Reply;
import postern.main.TestServer.Account;

/** {@code POST /v2/charges}. */
@Tag("storage")
class PostChargesTest extends MoneyTest {
  @Nested
  class Answers201 {
    @Test
    void withTheChargeAndTheNewBalance() {
      Account parent = withMoney(10);
      Reply reply =
          as(parent)
              .post(
                  "/v2/charges",
                  "{\"charge\":{\"amount\":\"1.25\",\"description\":\"A label\","
                      + "\"reference\":\"order-1\"}}");
      assertThat(reply.status()).as(reply.body()).isEqualTo(201);
      assertThat(members(reply, ""))
          .containsExactly(
              "id",
              "object",
              "user_id",
              "amount",
              "description",
              "reference",
              "balance",
              "created_at");
      assertThat(reply.text("id")).startsWith("txn_");
      assertThat(reply.text("amount")).isEqualTo("1.25000");
      assertThat(reply.text("balance")).isEqualTo("8.75000").isEqualTo(balance(parent));
    }

    @Test
    void toAChildFromItsFamilysWallet() {
      Account parent = withMoney(10);
      Account child = child(parent);
      Reply reply = charge(child, "4");
      assertThat(reply.status()).as(reply.body()).isEqualTo(201);
      assertThat(reply.text("user_id")).isEqualTo(child.id());
      assertThat(balance(parent)).isEqualTo("6.00000");
    }

    @Test
    void toTheLastHundredThousandth() {
      Account parent = withMoney(1);
      assertThat(charge(parent, "0.99999").text("balance")).isEqualTo("0.00001");
      assertThat(charge(parent, "0.00001").text("balance")).isEqualTo("0.00000");
    }

    @Test
    void forTheSameReferenceOfAnotherUser() {
      Account parent = withMoney(10);
      assertThat(charge(parent, "1", "one").status()).isEqualTo(201);
      assertThat(charge(child(parent), "1", "one").status()).isEqualTo(201);
      assertThat(balance(parent)).isEqualTo("8.00000");
    }
  }

  @Nested
  class Answers200 {
    @Test
    void withTheFirstChargeForTheSameReference() {
      Account parent = withMoney(10);
      Reply first = charge(parent, "1.25", "order-7");
      charge(parent, "2");
      Reply again = charge(parent, "1.25", "order-7");
      assertThat(again.status()).isEqualTo(200);
      assertThat(again.body()).isEqualTo(first.body());
      assertThat(balance(parent)).isEqualTo("6.75000");
    }

    @Test
    void toAllButOneOfManyAtOnce() {
      Account parent = withMoney(10);
      List<Integer> statuses =
          IntStream.range(0, 16)
              .parallel()
              .mapToObj(i -> charge(parent, "1", "at-once").status())
              .toList();
      assertThat(statuses).containsOnlyOnce(201).containsOnly(201, 200);
      assertThat(balance(parent)).isEqualTo("9.00000");
    }
  }

  /**
   * The rules in the order in which they are asked: each row keeps to all rules above it and breaks
   * its own. The wallet holds 5 dollars, the child has spent 1 of 3 in this month, and "taken" is
   * the reference of its charge of 1 dollar.
   */
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          key is known         | not-a-real-key | {"amount":"1"}                        | 403 | APIKEY.INACTIVE
          key is of production | test           | {"amount":"1"}                        | 403 | MODE.UNAUTHORIZED
          body can be read     | production     | {"amount":                            | 400 | BAD_REQUEST
          amount is a number   | production     | {"amount":"one"}                      | 422 | PARAMETER.INVALID
          has five places      | production     | {"amount":"1.000001"}                 | 422 | PARAMETER.INVALID
          is not below zero    | production     | {"amount":"-1"}                       | 422 | PARAMETER.INVALID
          is below a million   | production     | {"amount":"1000000.00001"}            | 422 | PARAMETER.INVALID
          is not zero          | production     | {"amount":"0"}                        | 422 | PARAMETER.INVALID
          description is text  | production     | {"amount":"1","description":7}        | 422 | PARAMETER.INVALID_TYPE
          reference is text    | production     | {"amount":"1","reference":[]}         | 422 | PARAMETER.INVALID_TYPE
          amount is there      | production     | {"reference":"new"}                   | 422 | PARAMETER.REQUIRED
          reference is free    | production     | {"amount":"2","reference":"taken"}    | 409 | REFERENCE.TAKEN
          limit leaves enough  | production     | {"amount":"2.00001","reference":"new"}| 402 | SPEND_LIMIT.EXCEEDED
          wallet holds enough  | parent         | {"amount":"4.00001","reference":"new"}| 402 | INSUFFICIENT_FUNDS
          nothing is broken    | production     | {"amount":"2","reference":"new"}      | 201 |
          """)
  void refusesTheFirstRuleThatIsBroken(
      String rule, String key, String charge, int status, String code) {
    Account parent = withMoney(5);
    set(parent, parent.id(), "\"recharge_amount\":null");
    Account child = child(parent);
    set(parent, child.id(), "\"spend_limit\":\"3\",\"spend_period\":\"month\"");
    assertThat(charge(child, "1", "taken").status()).isEqualTo(201);
    String text =
        switch (key) {
          case "production" -> child.productionKey();
          case "test" -> child.testKey();
          case "parent" -> parent.productionKey();
          default -> key;
        };
    String body = charge.endsWith(":") ? charge : "{\"charge\":" + charge + "}";
    Reply reply = server().as(text).post("/v2/charges", body);
    assertThat(reply.status()).as(rule + ": " + reply.body()).isEqualTo(status);
    if (status >= 400) {
      assertThat(reply.errorCode()).isEqualTo(code);
    }
    assertThat(balance(parent)).isEqualTo(status == 201 ? "2.00000" : "4.00000");
  }

  @Nested
  class Answers402 {
    @Test
    void sayingHowMuchIsMissing() {
      Account parent = withMoney(5);
      set(parent, parent.id(), "\"recharge_amount\":null");
      Reply reply = charge(parent, "8.5");
      assertRefused(reply, 402, "INSUFFICIENT_FUNDS");
      assertThat(reply.text("error.errors.0.field")).isEqualTo("charge.amount");
      assertThat(reply.text("error.errors.0.message")).contains("3.50000");
      assertThat(balance(parent)).isEqualTo("5.00000");
    }

    @Test
    void sayingWhatTheLimitLeaves() {
      Account parent = withMoney(50);
      Account child = child(parent);
      set(parent, child.id(), "\"spend_limit\":\"10.00\",\"spend_period\":\"day\"");
      charge(child, "7");
      Reply reply = charge(child, "4");
      assertRefused(reply, 402, "SPEND_LIMIT.EXCEEDED");
      assertThat(reply.text("error.errors.0.message")).contains("3.00000");
      assertThat(charge(child, "3").status()).isEqualTo(201);
    }
  }

  @Nested
  class Limits {
    @Test
    void areCalendarPeriods() {
      Account parent = withMoney(100);
      Account child = child(parent);
      set(parent, child.id(), "\"spend_limit\":\"10.00\",\"spend_period\":\"day\"");
      assertThat(charge(child, "10").status()).isEqualTo(201);
      assertRefused(charge(child, "0.01"), 402, "SPEND_LIMIT.EXCEEDED");
      server().time().advance(java.time.Duration.ofDays(1));
      assertThat(charge(child, "10").status()).isEqualTo(201);
    }

    @Test
    void countWhatWasSpentBeforeTheyWereSet() {
      Account parent = withMoney(100);
      Account child = child(parent);
      charge(child, "9");
      set(parent, child.id(), "\"spend_limit\":\"10.00\",\"spend_period\":\"year\"");
      assertRefused(charge(child, "1.01"), 402, "SPEND_LIMIT.EXCEEDED");
      set(parent, child.id(), "\"spend_limit\":null");
      assertThat(charge(child, "1.01").status()).isEqualTo(201);
    }

    @Test
    void areNotPassedByManyAtOnce() {
      Account parent = withMoney(100);
      Account child = child(parent);
      set(parent, child.id(), "\"spend_limit\":\"10.00\",\"spend_period\":\"month\"");
      long taken =
          IntStream.range(0, 30).parallel().filter(i -> charge(child, "1").status() == 201).count();
      assertThat(taken).isEqualTo(10);
      assertThat(balance(parent)).isEqualTo("90.00000");
    }

    @Test
    void areSetByTheParentAlone() {
      Account parent = withMoney(10);
      Account child = child(parent);
      set(parent, child.id(), "\"spend_limit\":\"1.00\",\"spend_period\":\"week\"");
      set(child, child.id(), "\"spend_limit\":\"1000.00\",\"spend_period\":\"day\"");
      Reply shown = as(parent).get("/v2/users/" + child.id());
      assertThat(shown.text("spend_limit")).isEqualTo("1.00");
      assertThat(shown.text("spend_period")).isEqualTo("week");
      assertRefused(charge(child, "1.5"), 402, "SPEND_LIMIT.EXCEEDED");
    }
  }
}
