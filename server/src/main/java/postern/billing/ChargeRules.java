package postern.billing;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The rules of a charge, in the order in which they are asked. They change nothing. */
final class ChargeRules {
  /** What stands against a charge, or nothing. */
  sealed interface Verdict {
    record Taken() implements Verdict {}

    record Refused(ChargeResult result) implements Verdict {}

    record Missing(long missingMicros) implements Verdict {}
  }

  private ChargeRules() {}

  /**
   * Judges a charge.
   *
   * @param known the charge that has taken its reference
   * @param allowance what its user may still spend; null for no limit
   */
  static Verdict judge(
      LockedWallet wallet,
      ChargeOrder order,
      @Nullable LedgerEntry known,
      SpendStore.@Nullable Allowance allowance) {
    if (known != null) {
      boolean isSame = known.amountMicros() == order.amountMicros();
      return new Verdict.Refused(
          isSame ? new ChargeResult.Repeated(known) : new ChargeResult.ReferenceTaken());
    }
    if (allowance != null && order.amountMicros() > allowance.leftMicros()) {
      return new Verdict.Refused(new ChargeResult.OverLimit(allowance.leftMicros()));
    }
    long missing = order.amountMicros() - wallet.balanceMicros();
    return missing > 0 ? new Verdict.Missing(missing) : new Verdict.Taken();
  }

  /** What the caller is told when money is missing. */
  static ChargeResult missing(LockedWallet wallet, long missingMicros) {
    return new ChargeResult.Lacking(
        missingMicros, Optional.ofNullable(wallet.recharging().inFlight()));
  }
}
