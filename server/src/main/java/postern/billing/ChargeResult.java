package postern.billing;

import java.util.Optional;
import postern.core.PaymentId;

/** What became of a charge. */
sealed interface ChargeResult {
  /** Taken. */
  record Charged(LedgerEntry entry) implements ChargeResult {}

  /** Taken before, by the same reference: nothing more was taken. */
  record Repeated(LedgerEntry entry) implements ChargeResult {}

  /** The reference is that of a charge of another amount. */
  record ReferenceTaken() implements ChargeResult {}

  /** The user's limit leaves less than that. */
  record OverLimit(long leftMicros) implements ChargeResult {}

  /**
   * The wallet holds less than that.
   *
   * @param recharge the recharge in flight, after which it may hold enough
   */
  record Lacking(long missingMicros, Optional<PaymentId> recharge) implements ChargeResult {}
}
