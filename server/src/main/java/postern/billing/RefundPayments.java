package postern.billing;

import static java.util.stream.Collectors.joining;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import postern.core.ApiException;
import postern.core.ErrorCode;
import postern.core.Ids;
import postern.core.PaymentId;
import postern.core.Principal;
import postern.journal.ChangeLog;
import postern.sql.Database;
import postern.sql.Tx;

/**
 * Gives payments back: what is still in the wallet, to the methods that it came from, the newest
 * payment first. Card fees are not given back.
 */
public final class RefundPayments {
  /** The refunds that were made, each of one payment, and how they ended. */
  public record Refunded(List<Payment> refunds) {
    /** What is given back, or on its way. */
    public long amountMicros() {
      return refunds.stream()
          .filter(refund -> refund.state() != Payment.State.FAILED)
          .mapToLong(Payment::amountMicros)
          .sum();
    }
  }

  private static final int PAYMENTS_MAX = 100;

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
  public RefundPayments(
      Database database, Ids ids, ChangeLog log, PaymentRunner payments, Duration wait) {
    this.database = database;
    this.ids = ids;
    this.log = log;
    this.payments = payments;
    this.wait = wait;
  }

  /**
   * Gives an amount back.
   *
   * @throws ApiException.Refused with {@code REFUND_AMOUNT_INVALID} if the wallet holds less, or
   *     less was paid in by the last hundred payments
   */
  public Refunded byAmount(Principal caller, long amountMicros) {
    PaymentMethods.requireParent(caller);
    return finish(caller, tx -> stage(tx, caller, amountMicros, null));
  }

  /**
   * Gives a whole payment back, or what is left of it.
   *
   * @param amountMicros what the caller believes that this is; null to give back what it is
   * @throws ApiException.Refused with {@code TRANSACTION_UNKNOWN} if nothing is left of it, {@code
   *     REFUND_AMOUNT_DIFFERS} or {@code REFUND_AMOUNT_INVALID}
   */
  public Refunded byPayment(Principal caller, PaymentId payment, @Nullable Long amountMicros) {
    PaymentMethods.requireParent(caller);
    return finish(
        caller,
        tx -> {
          Books.lock(tx, ids, List.of(caller.root()));
          long left =
              PaymentStore.refundable(tx, caller.root(), payment, 1).stream()
                  .mapToLong(PaymentStore.Refundable::leftMicros)
                  .findFirst()
                  .orElseThrow(() -> new ApiException.Refused(ErrorCode.TRANSACTION_UNKNOWN));
          if (amountMicros != null && amountMicros != left) {
            throw new ApiException.Refused(ErrorCode.REFUND_AMOUNT_DIFFERS);
          }
          return stage(tx, caller, left, payment);
        });
  }

  private List<Payment> stage(
      Tx tx, Principal caller, long amountMicros, @Nullable PaymentId only) {
    Books books = Books.lock(tx, ids, List.of(caller.root()));
    LockedWallet wallet = books.wallet(caller.root()).orElseThrow();
    if (amountMicros <= 0 || amountMicros > wallet.balanceMicros()) {
      throw new ApiException.Refused(ErrorCode.REFUND_AMOUNT_INVALID);
    }
    List<Payment> refunds = new ArrayList<>();
    long left = amountMicros;
    for (PaymentStore.Refundable paid :
        PaymentStore.refundable(tx, caller.root(), only, PAYMENTS_MAX)) {
      if (left > 0) {
        long part = Math.min(left, paid.leftMicros());
        refunds.add(refund(tx, caller, paid.payment(), part));
        left -= part;
      }
    }
    if (left > 0) {
      throw new ApiException.Refused(ErrorCode.REFUND_AMOUNT_INVALID);
    }
    for (Payment refund : refunds) {
      PaymentStore.insert(tx, refund);
      PaymentStore.refunded(
          tx,
          refund.root(),
          java.util.Objects.requireNonNull(refund.refundOf()),
          refund.amountMicros());
      // Reserved at once: what is on its way back cannot be spent.
      books.move(
          wallet,
          EntryKind.REFUND,
          refund.user(),
          refund.amountMicros(),
          refund.id(),
          Books.Note.NONE);
    }
    books.write();
    log.record(tx, caller.root(), refunds.stream().map(BillingFacts::created).toList());
    tx.afterCommit(payments::wake);
    return refunds;
  }

  private Payment refund(Tx tx, Principal caller, Payment of, long amountMicros) {
    return new Payment(
        caller.root(),
        ids.payment(tx.now()),
        caller.user(),
        Payment.Kind.REFUND,
        Payment.State.STAGED,
        of.method(),
        of.id(),
        amountMicros,
        0,
        0,
        null,
        null,
        0,
        tx.now());
  }

  private Refunded finish(Principal caller, Function<Tx, List<Payment>> stage) {
    List<Payment> staged =
        database.step(
            stage,
            refunds -> refunds.stream().map(refund -> refund.id().toString()).collect(joining(",")),
            (tx, done) ->
                Arrays.stream(done.split(",", -1))
                    .map(id -> PaymentStore.get(tx, caller.root(), id))
                    .toList());
    long deadline = System.nanoTime() + wait.toNanos();
    return new Refunded(
        staged.stream()
            .map(
                refund ->
                    payments.await(
                        caller.root(),
                        refund.id(),
                        Duration.ofNanos(Math.max(0, deadline - System.nanoTime()))))
            .toList());
  }
}
