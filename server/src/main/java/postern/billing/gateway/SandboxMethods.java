package postern.billing.gateway;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The payment methods of the sandbox. Their names follow Stripe's well-known ones; what is charged
 * to them ends as their behaviour says, each time.
 */
final class SandboxMethods {
  /** How a transfer by a method ends. */
  enum Behaviour {
    SUCCEEDS(""),
    IS_DECLINED("card_declined"),
    LACKS_FUNDS("insufficient_funds"),
    /** Succeeds after three seconds. */
    IS_SLOW(""),
    /** Moves the money, and the first answer is lost on its way. */
    LOSES_THE_ANSWER("");

    private final String failure;

    Behaviour(String failure) {
      this.failure = failure;
    }

    String failure() {
      return failure;
    }
  }

  private record Card(String last4, String brand, Behaviour behaviour) {}

  private static final Map<String, Card> CARDS =
      Map.ofEntries(
          Map.entry("visa", new Card("4242", "Visa", Behaviour.SUCCEEDS)),
          Map.entry("visa_debit", new Card("5556", "Visa", Behaviour.SUCCEEDS)),
          Map.entry("mastercard", new Card("4444", "Mastercard", Behaviour.SUCCEEDS)),
          Map.entry("amex", new Card("8431", "American Express", Behaviour.SUCCEEDS)),
          Map.entry("discover", new Card("9424", "Discover", Behaviour.SUCCEEDS)),
          Map.entry("chargeCustomerFail", new Card("0341", "Visa", Behaviour.IS_DECLINED)),
          Map.entry("insufficientFunds", new Card("9995", "Visa", Behaviour.LACKS_FUNDS)),
          Map.entry("slow", new Card("3003", "Visa", Behaviour.IS_SLOW)),
          Map.entry("answerLost", new Card("2008", "Visa", Behaviour.LOSES_THE_ANSWER)));

  private static final String CARD = "pm_card_";
  private static final String BANK = "pm_bank_";
  private static final String DECLINED_BANK = BANK + "declined";
  private static final int EXP_MONTH = 12;
  private static final int EXP_YEAR = 2040;

  private SandboxMethods() {}

  /** The card of a payment method or token; any token of a browser's is a Visa that works. */
  static Optional<Gateway.Method.Card> card(String reference) {
    String name =
        reference.startsWith(CARD)
            ? reference.substring(CARD.length())
            : reference.startsWith("tok_") ? reference.substring(4) : "";
    Card card = CARDS.get(name);
    if (card == null && reference.matches("tok_[0-9A-Za-z]{16,64}")) {
      card = CARDS.get("visa");
      name = "visa";
    }
    return card == null
        ? Optional.empty()
        : Optional.of(
            new Gateway.Method.Card(
                CARD + name, null, card.last4, EXP_MONTH, EXP_YEAR, card.brand));
  }

  /** The bank account of a connection; one whose name says so declines. */
  static Optional<Gateway.Method.BankAccount> bankAccount(String reference) {
    if (!reference.matches("(fca|ba)_[0-9A-Za-z_]{1,64}")) {
      return Optional.empty();
    }
    boolean declines = reference.toLowerCase(Locale.ROOT).contains("declined");
    return Optional.of(
        new Gateway.Method.BankAccount(
            declines ? DECLINED_BANK : BANK + "success", "SANDBOX TEST BANK", "6789", "US"));
  }

  static Behaviour behaviourOf(String method) {
    Card card = method.startsWith(CARD) ? CARDS.get(method.substring(CARD.length())) : null;
    if (card != null) {
      return card.behaviour;
    }
    return method.equals(DECLINED_BANK) ? Behaviour.IS_DECLINED : Behaviour.SUCCEEDS;
  }
}
