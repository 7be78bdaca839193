package postern.billing;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * When and by how much a wallet is recharged, in micro-dollars; null where it is not set.
 *
 * @param amountMicros charged to the primary payment method, or so often as it takes
 * @param secondaryAmountMicros the same for the secondary one, when the primary fails
 * @param thresholdMicros a balance under it begins a recharge
 */
public record RechargeRule(
    @Nullable Long amountMicros,
    @Nullable Long secondaryAmountMicros,
    @Nullable Long thresholdMicros) {
  private static final long CENT_MICROS = 10_000;

  /** Whether a balance asks for a recharge. */
  public boolean asksFor(long balanceMicros) {
    return thresholdMicros != null && balanceMicros < thresholdMicros;
  }

  /** By how much a method in this place is charged at once; empty for not at all. */
  OptionalLong stepOf(Priority priority) {
    Long step = priority == Priority.PRIMARY ? amountMicros : secondaryAmountMicros;
    return step == null || step == 0 ? OptionalLong.empty() : OptionalLong.of(step);
  }

  /**
   * The least multiple of a step that covers what is missing; empty where it is above {@code
   * maxMicros}: to take money that does not suffice would help nobody.
   */
  static OptionalLong amount(long stepMicros, long missingMicros, long maxMicros) {
    long times = Math.max(1, Math.ceilDiv(missingMicros, stepMicros));
    return times > maxMicros / stepMicros
        ? OptionalLong.empty()
        : OptionalLong.of(times * stepMicros);
  }

  /** The fee of a payment by card, in whole cents, a part of one counting as one. */
  static long fee(long amountMicros, BigDecimal rate) {
    return BigDecimal.valueOf(amountMicros)
            .multiply(rate)
            .divide(BigDecimal.valueOf(CENT_MICROS), 0, RoundingMode.CEILING)
            .longValueExact()
        * CENT_MICROS;
  }
}
