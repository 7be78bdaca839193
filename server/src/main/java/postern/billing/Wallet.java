package postern.billing;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A family's wallet.
 *
 * @param balanceMicros what is in it, in micro-dollars
 * @param hasBillingMethod whether it can be recharged from a card or a bank account
 * @param rechargePausedUntil when the next recharge is tried after one that failed; null where none
 *     has failed
 * @param terms what its owner pays
 */
public record Wallet(
    long balanceMicros,
    boolean hasBillingMethod,
    @Nullable Instant rechargePausedUntil,
    Terms terms) {}
