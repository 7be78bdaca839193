package postern.main;

import java.math.BigDecimal;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import postern.billing.ChargeWallet;
import postern.billing.FundWallet;
import postern.billing.Ledger;
import postern.billing.LedgerCheck;
import postern.billing.PaymentMethods;
import postern.billing.PaymentRunner;
import postern.billing.Recharges;
import postern.billing.RefundPayments;
import postern.billing.Terms;
import postern.billing.Wallets;
import postern.billing.gateway.Gateway;
import postern.billing.gateway.SandboxGateway;
import postern.billing.gateway.StripeGateway;
import postern.config.BillingSettings;
import postern.config.Config;
import postern.config.ConfigException;
import postern.config.Setting;
import postern.core.Ids;
import postern.core.Money;
import postern.journal.ChangeLog;
import postern.sql.Database;

/** Everything that has to do with money. */
final class Billing implements AutoCloseable {
  final Wallets wallets = new Wallets();
  final ChargeWallet chargeWallet;
  final Ledger ledger;
  final LedgerCheck ledgerCheck;
  final PaymentMethods paymentMethods;
  final FundWallet fundWallet;
  final RefundPayments refundPayments;
  final PaymentRunner payments;

  Billing(Config config, Database database, Gateway gateway, Ids ids, ChangeLog changes) {
    Recharges recharges =
        new Recharges(
            ids, changes, this::wakePayments, micros(config.get(BillingSettings.RECHARGE_MAX)));
    payments =
        new PaymentRunner(
            database,
            gateway,
            ids,
            recharges,
            changes,
            config.get(BillingSettings.PAYMENTS_AT_ONCE_MAX),
            config.get(BillingSettings.GATEWAY_TIMEOUT));
    chargeWallet =
        new ChargeWallet(
            database,
            ids,
            recharges,
            changes,
            payments,
            config.get(BillingSettings.CHARGE_WAIT),
            config.get(BillingSettings.CHARGES_QUEUED_MAX));
    ledger = new Ledger(database);
    ledgerCheck = new LedgerCheck(database);
    paymentMethods = new PaymentMethods(database, gateway, ids, changes);
    fundWallet =
        new FundWallet(
            database, ids, changes, payments, config.get(BillingSettings.GATEWAY_TIMEOUT));
    refundPayments =
        new RefundPayments(
            database, ids, changes, payments, config.get(BillingSettings.GATEWAY_TIMEOUT));
  }

  /** The gateway that is set. */
  static Gateway gatewayIn(Config config, Database database) {
    if (config.get(BillingSettings.GATEWAY).equals("sandbox")) {
      return new SandboxGateway(database);
    }
    if (config.get(BillingSettings.STRIPE_SECRET_KEY).isEmpty()) {
      throw new ConfigException(
          BillingSettings.STRIPE_SECRET_KEY.key() + " must be set where billing.gateway is stripe");
    }
    return new StripeGateway(
        config.get(BillingSettings.STRIPE_SECRET_KEY),
        config.get(BillingSettings.STRIPE_PUBLIC_KEY),
        config.get(BillingSettings.STRIPE_URL),
        config.get(BillingSettings.GATEWAY_TIMEOUT));
  }

  /** Under which terms new accounts pay. */
  static Terms terms(Config config) {
    return new Terms(
        micros(config.get(BillingSettings.PRICE_PER_SHIPMENT)),
        config.get(BillingSettings.CC_FEE_RATE).orElse(BigDecimal.ZERO),
        config.get(BillingSettings.INSURANCE_FEE_RATE).orElse(BigDecimal.ZERO),
        micros(config.get(BillingSettings.INSURANCE_FEE_MINIMUM)),
        microsIfAny(config, BillingSettings.DEFAULT_INSURANCE_AMOUNT));
  }

  /** Under which terms new referral customers pay. */
  static Terms termsOfReferrals(Config config) {
    return new Terms(
        micros(config.get(BillingSettings.PRICE_PER_SHIPMENT)),
        config.get(BillingSettings.REFERRALS_CC_FEE_RATE).orElse(BigDecimal.ZERO),
        config.get(BillingSettings.REFERRALS_INSURANCE_FEE_RATE).orElse(BigDecimal.ZERO),
        micros(config.get(BillingSettings.REFERRALS_INSURANCE_FEE_MINIMUM)),
        microsIfAny(config, BillingSettings.REFERRALS_DEFAULT_INSURANCE_AMOUNT));
  }

  private static @Nullable Long microsIfAny(Config config, Setting<Optional<BigDecimal>> setting) {
    return config.get(setting).map(Money::micros).orElse(null);
  }

  private static long micros(Optional<BigDecimal> dollars) {
    return dollars.map(Money::micros).orElse(0L);
  }

  private void wakePayments() {
    payments.wake();
  }

  /** Begins to work on payments. */
  void start() {
    payments.start();
  }

  @Override
  public void close() {
    payments.close();
  }
}
