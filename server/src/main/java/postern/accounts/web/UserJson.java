package postern.accounts.web;

import java.math.BigDecimal;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import postern.accounts.User;
import postern.accounts.Users.UserWithWallet;
import postern.billing.Terms;
import postern.billing.Wallet;
import postern.core.Money;
import postern.json.JsonOut;
import postern.keys.ApiKey;
import postern.keys.web.KeyJson;

/** The full view of a top-level user. */
final class UserJson {
  private UserJson() {}

  /**
   * Writes the view.
   *
   * @param children writes the elements of its {@code children}
   */
  static void write(JsonOut out, UserWithWallet of, Consumer<JsonOut> children) {
    writeOpen(out, of, children);
    out.endObject();
  }

  /** A user that was just created: the only answer in which its keys stand. */
  static void writeCreated(JsonOut out, UserWithWallet of, List<ApiKey> keys) {
    writeOpen(out, of, children -> {});
    out.startArray("api_keys");
    keys.forEach(key -> KeyJson.write(out, key));
    out.endArray().endObject();
  }

  private static void writeOpen(JsonOut out, UserWithWallet of, Consumer<JsonOut> children) {
    User user = of.user();
    Wallet wallet = of.wallet().orElseThrow();
    out.startObject();
    ChildJson.writeHead(out, user);
    ChildJson.writeFlags(out);
    writeMoney(out, user, wallet);
    out.text("email", user.email());
    out.startArray("children");
    children.accept(out);
    out.endArray();
  }

  private static void writeMoney(JsonOut out, User user, Wallet wallet) {
    Terms terms = wallet.terms();
    out.text("balance", Money.text(wallet.balanceMicros(), 5));
    out.text("price_per_shipment", Money.text(terms.pricePerShipmentMicros(), 5));
    out.text("recharge_amount", dollars(user.recharge().amountMicros()));
    out.text("secondary_recharge_amount", dollars(user.recharge().secondaryAmountMicros()));
    out.text("recharge_threshold", dollars(user.recharge().thresholdMicros()));
    // Recorded: null exactly where nothing of the recharge is set.
    boolean canRecharge = user.recharge().amountMicros() != null;
    out.flag("has_billing_method", canRecharge ? (Boolean) wallet.hasBillingMethod() : null);
    out.text("cc_fee_rate", rate(terms.ccFeeRate()));
    out.text("default_insurance_amount", dollars(terms.defaultInsuranceAmountMicros()));
    out.text("insurance_fee_rate", rate(terms.insuranceFeeRate()));
    out.text("insurance_fee_minimum", dollars(terms.insuranceFeeMinimumMicros()));
  }

  /** Two places; null for null. */
  static @Nullable String dollars(@Nullable Long micros) {
    return micros == null ? null : Money.text(micros, 2);
  }

  /** Recorded: as many places as it takes, at least one: "0.0375", "0.03", "0.0". */
  private static String rate(BigDecimal rate) {
    BigDecimal shortest = rate.stripTrailingZeros();
    return (shortest.scale() < 1 ? shortest.setScale(1) : shortest).toPlainString();
  }

  /** Children as elements of an array. */
  static void writeChildren(JsonOut out, List<User> children) {
    children.forEach(child -> ChildJson.write(out, child));
  }
}
