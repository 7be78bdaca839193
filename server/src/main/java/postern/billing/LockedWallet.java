package postern.billing;

import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import postern.core.PaymentId;
import postern.core.UserId;

/**
 * A wallet that is locked until its transaction ends, as it becomes while the transaction works on
 * it. Belongs to one thread.
 */
final class LockedWallet {
  /** What is kept of the recharges of a wallet. */
  record Recharging(@Nullable PaymentId inFlight, int failures, @Nullable Instant pausedUntil) {
    static Recharging failed(int failures, Instant pausedUntil) {
      return new Recharging(null, failures, pausedUntil);
    }

    static final Recharging IDLE = new Recharging(null, 0, null);
  }

  private final UserId root;
  private final boolean hasBillingMethod;
  private final BigDecimal ccFeeRate;
  private final RechargeRule rule;
  private long balanceMicros;
  private long entries;
  private Instant lastEntryAt;
  private Recharging recharging;
  private boolean hasChanged;

  LockedWallet(
      UserId root,
      boolean hasBillingMethod,
      BigDecimal ccFeeRate,
      RechargeRule rule,
      long balanceMicros,
      long entries,
      Instant lastEntryAt,
      Recharging recharging) {
    this.root = root;
    this.hasBillingMethod = hasBillingMethod;
    this.ccFeeRate = ccFeeRate;
    this.rule = rule;
    this.balanceMicros = balanceMicros;
    this.entries = entries;
    this.lastEntryAt = lastEntryAt;
    this.recharging = recharging;
  }

  UserId root() {
    return root;
  }

  boolean hasBillingMethod() {
    return hasBillingMethod;
  }

  BigDecimal ccFeeRate() {
    return ccFeeRate;
  }

  RechargeRule rule() {
    return rule;
  }

  long balanceMicros() {
    return balanceMicros;
  }

  long entries() {
    return entries;
  }

  Instant lastEntryAt() {
    return lastEntryAt;
  }

  Recharging recharging() {
    return recharging;
  }

  void setRecharging(Recharging now) {
    hasChanged |= !recharging.equals(now);
    recharging = now;
  }

  boolean hasChanged() {
    return hasChanged;
  }

  /** Lets the next recharge begin as if none had failed. */
  void endPause() {
    setRecharging(new Recharging(recharging.inFlight(), 0, null));
  }

  /**
   * Changes the balance by one entry.
   *
   * @return when the entry is made: now, unless the entry before was made later by another clock
   * @throws IllegalStateException if the wallet would hold less than nothing
   */
  Instant move(EntryKind kind, long amountMicros, Instant now) {
    long balance = Math.addExact(balanceMicros, kind.signed(amountMicros));
    if (balance < 0) {
      throw new IllegalStateException("a wallet cannot hold less than nothing");
    }
    hasChanged = true;
    balanceMicros = balance;
    entries++;
    lastEntryAt = now.isBefore(lastEntryAt) ? lastEntryAt : now;
    return lastEntryAt;
  }
}
