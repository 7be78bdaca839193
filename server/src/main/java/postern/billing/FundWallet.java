package postern.billing;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import postern.core.ApiException;
import postern.core.ErrorCode;
import postern.core.Ids;
import postern.core.MethodId;
import postern.core.Principal;
import postern.journal.ChangeLog;
import postern.sql.Database;
import postern.sql.Tx;

/** Pays into a family's wallet from one of its payment methods. */
public final class FundWallet {
  private final Database database;
  private final Ids ids;
  private final ChangeLog log;
  private final PaymentRunner payments;
  private final Duration wait;

  /**
   * Makes it.
   *
   * @param wait how long a request waits for the gateway
   */
  public FundWallet(
      Database database, Ids ids, ChangeLog log, PaymentRunner payments, Duration wait) {
    this.database = database;
    this.ids = ids;
    this.log = log;
    this.payments = payments;
    this.wait = wait;
  }

  /**
   * Pays, and waits a while for the end of it.
   *
   * @param isBankAccount of which kind the payment method must be
   * @return the payment: settled, or still on its way
   * @throws ApiException.Refused for a child, and for a method that the family does not have
   * @throws ApiException.Invalid with {@code PAYMENT_FAILED} if the gateway says no
   */
  public Payment run(Principal caller, MethodId method, boolean isBankAccount, long amountMicros) {
    PaymentMethods.requireParent(caller);
    Payment staged =
        database.step(
            tx -> {
              PaymentMethod found =
                  Optional.of(method)
                      .flatMap(id -> PaymentMethodStore.find(tx, caller.root(), id))
                      .filter(m -> m.deletedAt() == null && m.isBankAccount() == isBankAccount)
                      .orElseThrow(() -> new ApiException.Refused(ErrorCode.NOT_FOUND));
              return stage(tx, caller, found, amountMicros);
            },
            payment -> payment.id().toString(),
            (tx, done) -> PaymentStore.get(tx, caller.root(), done));
    Payment ended = payments.await(caller.root(), staged.id(), wait);
    if (ended.state() == Payment.State.FAILED) {
      throw new ApiException.Invalid(
          ErrorCode.PAYMENT_FAILED, "payment_method", String.valueOf(ended.failure()));
    }
    return ended;
  }

  private Payment stage(Tx tx, Principal caller, PaymentMethod method, long amountMicros) {
    Books books = Books.lock(tx, ids, List.of(caller.root()));
    LockedWallet wallet = books.wallet(caller.root()).orElseThrow();
    long fee = method.isBankAccount() ? 0 : RechargeRule.fee(amountMicros, wallet.ccFeeRate());
    Payment payment =
        new Payment(
            caller.root(),
            ids.payment(tx.now()),
            caller.user(),
            Payment.Kind.FUND,
            Payment.State.STAGED,
            method.id(),
            null,
            amountMicros,
            fee,
            0,
            null,
            null,
            0,
            tx.now());
    PaymentStore.insert(tx, payment);
    log.record(tx, caller.root(), List.of(BillingFacts.created(payment)));
    tx.afterCommit(payments::wake);
    return payment;
  }
}
