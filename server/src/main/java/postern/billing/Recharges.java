package postern.billing;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import postern.core.Ids;
import postern.core.PaymentId;
import postern.journal.ChangeLog;
import postern.sql.Tx;

/**
 * Begins recharges: one in flight for each wallet, and after failures none for a while. What it
 * decides holds because the wallet is locked. Safe for many threads.
 */
public final class Recharges {
  private static final Duration PAUSE_FIRST = Duration.ofMinutes(1);
  private static final Duration PAUSE_LONGEST = Duration.ofHours(6);

  private final Ids ids;
  private final ChangeLog log;
  private final Runnable wakePayments;
  private final long maxMicros;

  /**
   * Makes it.
   *
   * @param wakePayments has staged payments looked at
   * @param maxMicros no recharge is larger
   */
  public Recharges(Ids ids, ChangeLog log, Runnable wakePayments, long maxMicros) {
    this.ids = ids;
    this.log = log;
    this.wakePayments = wakePayments;
    this.maxMicros = maxMicros;
  }

  /**
   * Stages a recharge, if the wallet may have one now.
   *
   * @param missingMicros what a charge lacks; 0 where a threshold asks
   */
  void stageIfPossible(Tx tx, LockedWallet wallet, long missingMicros) {
    LockedWallet.Recharging state = wallet.recharging();
    boolean isPaused = state.pausedUntil() != null && tx.now().isBefore(state.pausedUntil());
    if (wallet.hasBillingMethod() && state.inFlight() == null && !isPaused) {
      stageFirst(tx, wallet, missingMicros, PaymentMethodStore.inPlace(tx, wallet.root()));
    }
  }

  /** What follows a recharge that failed: one by the next method, or a pause. */
  void failed(Tx tx, LockedWallet wallet, Payment recharge) {
    Optional<Priority> tried =
        PaymentMethodStore.find(tx, wallet.root(), recharge.method()).map(PaymentMethod::priority);
    int failures = wallet.recharging().failures();
    wallet.setRecharging(new LockedWallet.Recharging(null, failures, null));
    List<PaymentMethod> next =
        tried.equals(Optional.of(Priority.PRIMARY))
            ? PaymentMethodStore.inPlace(tx, wallet.root()).stream()
                .filter(method -> method.priority() == Priority.SECONDARY)
                .toList()
            : List.of();
    if (!stageFirst(tx, wallet, recharge.shortfallMicros(), next)) {
      Instant until = tx.now().plus(pauseAfter(failures + 1));
      wallet.setRecharging(LockedWallet.Recharging.failed(failures + 1, until));
    }
  }

  /** A minute, then twice as long each time, up to six hours. */
  static Duration pauseAfter(int failures) {
    Duration pause = PAUSE_FIRST.multipliedBy(1L << Math.min(failures - 1, 20));
    return pause.compareTo(PAUSE_LONGEST) > 0 ? PAUSE_LONGEST : pause;
  }

  /** Stages a recharge by the first of some methods that is to be used; whether there is one. */
  private boolean stageFirst(
      Tx tx, LockedWallet wallet, long missingMicros, List<PaymentMethod> methods) {
    for (PaymentMethod method :
        methods.stream().sorted(Comparator.comparing(PaymentMethod::priority)).toList()) {
      OptionalLong step = wallet.rule().stepOf(method.priority());
      OptionalLong amount =
          step.isPresent()
              ? RechargeRule.amount(step.getAsLong(), missingMicros, maxMicros)
              : OptionalLong.empty();
      if (amount.isPresent()) {
        stage(tx, wallet, method, amount.getAsLong(), missingMicros);
        return true;
      }
    }
    return false;
  }

  private void stage(
      Tx tx, LockedWallet wallet, PaymentMethod method, long amountMicros, long missingMicros) {
    PaymentId id = ids.payment(tx.now());
    Payment payment =
        new Payment(
            wallet.root(),
            id,
            wallet.root(),
            Payment.Kind.RECHARGE,
            Payment.State.STAGED,
            method.id(),
            null,
            amountMicros,
            method.isBankAccount() ? 0 : RechargeRule.fee(amountMicros, wallet.ccFeeRate()),
            missingMicros,
            null,
            null,
            0,
            tx.now());
    PaymentStore.insert(tx, payment);
    wallet.setRecharging(new LockedWallet.Recharging(id, wallet.recharging().failures(), null));
    log.record(tx, wallet.root(), List.of(BillingFacts.created(payment)));
    tx.afterCommit(wakePayments);
  }
}
