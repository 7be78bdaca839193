package postern.config;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The settings of money: terms, the gateway, and referral customers. */
public final class BillingSettings {
  public static final Setting<Optional<BigDecimal>> PRICE_PER_SHIPMENT =
      Setting.decimal(
          "billing.price-per-shipment", "0.00000", 5, "Dollars per shipment, for new accounts.");
  public static final Setting<Optional<BigDecimal>> CC_FEE_RATE =
      Setting.decimal("billing.cc-fee-rate", "0.03", 4, "Card fee as a rate, for new accounts.");
  public static final Setting<Optional<BigDecimal>> INSURANCE_FEE_RATE =
      Setting.decimal(
          "billing.insurance-fee-rate", "0.01", 4, "Insurance fee as a rate, for new accounts.");
  public static final Setting<Optional<BigDecimal>> INSURANCE_FEE_MINIMUM =
      Setting.decimal(
          "billing.insurance-fee-minimum", "1.00", 2, "Least insurance fee in dollars.");
  public static final Setting<Optional<BigDecimal>> DEFAULT_INSURANCE_AMOUNT =
      Setting.decimal(
          "billing.default-insurance-amount", "", 2, "Dollars insured by default; empty for none.");
  public static final Setting<String> GATEWAY =
      Setting.oneOf(
          "billing.gateway",
          List.of("sandbox", "stripe"),
          "Who moves money: sandbox, which moves none, or stripe.");
  public static final Setting<Duration> GATEWAY_TIMEOUT =
      Setting.duration(
          "billing.gateway-timeout", "30s", "How long a call of the gateway may take.");
  public static final Setting<Integer> PAYMENTS_AT_ONCE_MAX =
      Setting.integer(
          "billing.payments-at-once-max", 32, 1, 1_000, "Payments that are worked on at once.");
  public static final Setting<Optional<BigDecimal>> RECHARGE_MAX =
      Setting.decimal("billing.recharge-max", "10000.00", 2, "Largest recharge, in dollars.");
  public static final Setting<Duration> CHARGE_WAIT =
      Setting.duration(
          "billing.charge-wait", "10s", "How long a charge waits for the recharge that it needs.");
  public static final Setting<Integer> CHARGES_QUEUED_MAX =
      Setting.integer(
          "billing.charges-queued-max",
          10_000,
          100,
          1_000_000,
          "Charges that wait to be written; more get a 503.");
  public static final Setting<Duration> LEDGER_CHECK_INTERVAL =
      Setting.duration(
          "billing.ledger-check-interval",
          "1h",
          "How often what was added to the ledgers is checked.");
  public static final Setting<String> STRIPE_SECRET_KEY =
      Setting.secret("billing.stripe-secret-key", "Secret key of the account at Stripe.");
  public static final Setting<String> STRIPE_PUBLIC_KEY =
      Setting.text(
          "billing.stripe-public-key", "", "Public key of the account at Stripe, for partners.");
  public static final Setting<String> STRIPE_URL =
      Setting.text("billing.stripe-url", "", "Another URL of Stripe's API, to test against.");
  public static final Setting<String> REFERRALS_EMAIL =
      Setting.oneOf(
          "referrals.email",
          List.of("submitted", "synthetic"),
          "Which e-mail address a new referral customer has: the submitted one, or one that is made"
              + " for it.");
  public static final Setting<Optional<BigDecimal>> REFERRALS_CC_FEE_RATE =
      Setting.decimal(
          "referrals.cc-fee-rate", "0.0375", 4, "Card fee as a rate, for new referral customers.");
  public static final Setting<Optional<BigDecimal>> REFERRALS_INSURANCE_FEE_RATE =
      Setting.decimal(
          "referrals.insurance-fee-rate",
          "0.01",
          4,
          "Insurance fee as a rate, for new referral customers.");
  public static final Setting<Optional<BigDecimal>> REFERRALS_INSURANCE_FEE_MINIMUM =
      Setting.decimal(
          "referrals.insurance-fee-minimum",
          "0.50",
          2,
          "Least insurance fee in dollars, for new referral customers.");
  public static final Setting<Optional<BigDecimal>> REFERRALS_DEFAULT_INSURANCE_AMOUNT =
      Setting.decimal(
          "referrals.default-insurance-amount",
          "50.00",
          2,
          "Dollars insured by default, for new referral customers; empty for none.");

  private BillingSettings() {}

  static List<Setting<?>> all() {
    return List.of(
        PRICE_PER_SHIPMENT,
        CC_FEE_RATE,
        INSURANCE_FEE_RATE,
        INSURANCE_FEE_MINIMUM,
        DEFAULT_INSURANCE_AMOUNT,
        GATEWAY,
        GATEWAY_TIMEOUT,
        PAYMENTS_AT_ONCE_MAX,
        RECHARGE_MAX,
        CHARGE_WAIT,
        CHARGES_QUEUED_MAX,
        LEDGER_CHECK_INTERVAL,
        STRIPE_SECRET_KEY,
        STRIPE_PUBLIC_KEY,
        STRIPE_URL,
        REFERRALS_EMAIL,
        REFERRALS_CC_FEE_RATE,
        REFERRALS_INSURANCE_FEE_RATE,
        REFERRALS_INSURANCE_FEE_MINIMUM,
        REFERRALS_DEFAULT_INSURANCE_AMOUNT);
  }
}
