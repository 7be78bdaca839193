package postern.accounts;

import org.jspecify.annotations.Nullable;

/**
 * When and by how much a wallet is refilled, in micro-dollars; null where it is not set.
 *
 * @param amountMicros charged to the primary payment method
 * @param secondaryAmountMicros charged to the secondary one when the primary fails
 * @param thresholdMicros the balance under which a recharge begins
 */
public record Recharge(
    @Nullable Long amountMicros,
    @Nullable Long secondaryAmountMicros,
    @Nullable Long thresholdMicros) {
  /** Nothing set. */
  public static final Recharge NONE = new Recharge(null, null, null);

  /** Every recorded account of EasyPost's shows these. */
  public static final Recharge OF_NEW_ACCOUNT = new Recharge(100_000_000L, 100_000_000L, 0L);

  /** Whether a recharge would leave the balance where it asks for the next one. */
  boolean wouldLoop() {
    return amountMicros != null && thresholdMicros != null && thresholdMicros >= amountMicros;
  }
}
