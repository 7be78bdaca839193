package postern.billing.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every gateway must do; a class for each says how it is had. */
abstract class GatewayContract {
  private static int transfers;

  private String customer = "";

  abstract Gateway gateway();

  /** How many cents were moved from a customer, less what was given back. */
  abstract long centsMoved(String customer);

  /** A card whose next answer is lost after the money has moved. */
  abstract Gateway.Method.Card cardThatLosesItsAnswer(String customer);

  @BeforeEach
  void makeCustomer() {
    customer = gateway().createCustomer("user_" + ++transfers, new Gateway.Customer("Acme", null));
  }

  private Gateway.Transfer transfer(Gateway.Method method, long cents, Optional<String> refundOf) {
    return new Gateway.Transfer(
        "paylog_" + ++transfers,
        customer,
        method.reference(),
        method instanceof Gateway.Method.BankAccount,
        cents,
        refundOf);
  }

  private Gateway.Transfer payment(String card, long cents) {
    return transfer(gateway().attachCard(customer, card), cents, Optional.empty());
  }

  @Test
  void theSameKeyMakesTheSameCustomer() {
    String again =
        gateway().createCustomer("user_" + transfers, new Gateway.Customer("Acme", null));
    assertThat(again).isEqualTo(customer);
  }

  @Test
  void aCardIsDescribed() {
    Gateway.Method.Card card = gateway().attachCard(customer, "pm_card_visa");
    assertThat(card.last4()).isEqualTo("4242");
    assertThat(card.brand()).isEqualTo("Visa");
    assertThat(card.expMonth()).isBetween(1, 12);
    assertThat(card.expYear()).isGreaterThan(2026);
    assertThat(gateway().attachCard(customer, "tok_visa").last4()).isEqualTo("4242");
  }

  @Test
  void anUnknownCardIsRefused() {
    assertThatThrownBy(() -> gateway().attachCard(customer, "pm_unknown"))
        .isInstanceOfSatisfying(
            Gateway.RefusedException.class,
            e -> assertThat(e.reason()).isEqualTo("resource_missing"));
  }

  @Test
  void preparingMovesNothing() {
    Gateway.Transfer payment = payment("pm_card_visa", 500);
    String reference = gateway().prepare(payment);
    assertThat(gateway().prepare(payment)).isEqualTo(reference);
    assertThat(centsMoved(customer)).isZero();
  }

  @Test
  void carryingOutMovesTheMoneyOnce() {
    Gateway.Transfer payment = payment("pm_card_visa", 500);
    String reference = gateway().prepare(payment);
    for (int i = 0; i < 3; i++) {
      assertThat(gateway().carryOut(payment, reference)).isEqualTo(new Gateway.Outcome.Succeeded());
    }
    assertThat(centsMoved(customer)).isEqualTo(500);
  }

  @Test
  void aRefusalSaysWhyHoweverOftenItIsAsked() {
    Gateway.Transfer declined = payment("pm_card_chargeCustomerFail", 500);
    String reference = gateway().prepare(declined);
    for (int i = 0; i < 2; i++) {
      assertThat(gateway().carryOut(declined, reference))
          .isEqualTo(new Gateway.Outcome.Failed("card_declined"));
    }
    Gateway.Transfer poor = payment("pm_card_insufficientFunds", 500);
    assertThat(gateway().carryOut(poor, gateway().prepare(poor)))
        .isEqualTo(new Gateway.Outcome.Failed("insufficient_funds"));
    assertThat(centsMoved(customer)).isZero();
  }

  @Test
  void aLostAnswerIsHadByAskingAgain() {
    Gateway.Transfer payment = transfer(cardThatLosesItsAnswer(customer), 700, Optional.empty());
    String reference = gateway().prepare(payment);
    assertThatThrownBy(() -> gateway().carryOut(payment, reference))
        .isInstanceOf(Gateway.UnavailableException.class);
    assertThat(gateway().carryOut(payment, reference)).isEqualTo(new Gateway.Outcome.Succeeded());
    assertThat(centsMoved(customer)).isEqualTo(700);
  }

  @Test
  void aRefundGivesBackOnce() {
    Gateway.Method card = gateway().attachCard(customer, "pm_card_visa");
    Gateway.Transfer payment = transfer(card, 900, Optional.empty());
    String reference = gateway().prepare(payment);
    gateway().carryOut(payment, reference);
    Gateway.Transfer refund = transfer(card, 400, Optional.of(reference));
    String back = gateway().prepare(refund);
    for (int i = 0; i < 3; i++) {
      assertThat(gateway().carryOut(refund, back)).isEqualTo(new Gateway.Outcome.Succeeded());
    }
    assertThat(centsMoved(customer)).isEqualTo(500);
  }

  @Test
  void aBankAccountPays() {
    Gateway.Method.BankAccount account =
        gateway()
            .attachBankAccount(
                customer, "fca_1", "Acme", new Gateway.Mandate("127.0.0.1", "test", 1_722_510_730));
    assertThat(account.last4()).isEqualTo("6789");
    assertThat(account.bankName()).isNotBlank();
    Gateway.Transfer payment = transfer(account, 300, Optional.empty());
    String reference = gateway().prepare(payment);
    Gateway.Outcome outcome = gateway().carryOut(payment, reference);
    // A bank may take its time.
    assertThat(
            outcome instanceof Gateway.Outcome.Pending
                ? gateway().carryOut(payment, reference)
                : outcome)
        .isEqualTo(new Gateway.Outcome.Succeeded());
  }

  @Test
  void aMethodIsFoundWithItsCustomerAlone() {
    String reference = gateway().attachCard(customer, "pm_card_visa").reference();
    assertThat(gateway().find(customer, reference).last4()).isEqualTo("4242");
    assertThatThrownBy(() -> gateway().find("cus_123", reference))
        .isInstanceOf(Gateway.RefusedException.class);
    assertThatThrownBy(() -> gateway().find(customer, "pm_unknown"))
        .isInstanceOf(Gateway.RefusedException.class);
  }

  @Test
  void whatIsForgottenTwiceIsForgotten() {
    String reference = gateway().attachCard(customer, "pm_card_visa").reference();
    gateway().detach(reference);
    gateway().detach(reference);
  }

  @Test
  void browsersGetTheirSecrets() {
    assertThat(gateway().createSetupIntent(customer)).matches("seti_\\w+_secret_\\w+");
    assertThat(gateway().createBankSession(customer, Optional.of("https://example.com")))
        .startsWith("fcsess_");
    assertThat(gateway().publicKey()).get().asString().startsWith("pk_");
  }
}
