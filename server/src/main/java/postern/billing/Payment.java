package postern.billing;

import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import postern.core.MethodId;
import postern.core.PaymentId;
import postern.core.UserId;

/**
 * Money on its way from a payment method into a wallet, or back.
 *
 * @param user who asked for it, or whose charge began it
 * @param refundOf of a refund: the payment that is given back
 * @param amountMicros what the wallet gets, or gives back
 * @param feeMicros what the card costs on top of that
 * @param shortfallMicros of a recharge: what was missing for the charge that began it
 * @param gatewayReference what the gateway calls it; null while it is staged
 * @param failure why it failed
 * @param attempts how often a server has begun to work on it
 */
public record Payment(
    UserId root,
    PaymentId id,
    UserId user,
    Kind kind,
    State state,
    MethodId method,
    @Nullable PaymentId refundOf,
    long amountMicros,
    long feeMicros,
    long shortfallMicros,
    @Nullable String gatewayReference,
    @Nullable String failure,
    int attempts,
    Instant createdAt) {
  /** What it is for. */
  public enum Kind {
    RECHARGE,
    FUND,
    REFUND;

    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** How far it is. */
  public enum State {
    /** The gateway may know of it, and was not asked to move money. */
    STAGED,
    /** The gateway may have been asked to move money. */
    SENT,
    SETTLED,
    FAILED;

    public boolean isEnd() {
      return this == SETTLED || this == FAILED;
    }

    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private static final long CENT_MICROS = 10_000;

  /** What the gateway is to move, in cents. */
  long cents() {
    return Math.addExact(amountMicros, feeMicros) / CENT_MICROS;
  }

  boolean isRefund() {
    return kind == Kind.REFUND;
  }

  /** The same in another state. */
  Payment in(State next, @Nullable String reference, @Nullable String reason) {
    return new Payment(
        root,
        id,
        user,
        kind,
        next,
        method,
        refundOf,
        amountMicros,
        feeMicros,
        shortfallMicros,
        reference,
        reason,
        attempts,
        createdAt);
  }
}
