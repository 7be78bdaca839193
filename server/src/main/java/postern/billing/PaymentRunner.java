package postern.billing;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import postern.billing.gateway.Gateway;
import postern.core.Ids;
import postern.core.PaymentId;
import postern.core.UserId;
import postern.journal.ChangeLog;
import postern.sql.Database;
import postern.sql.Signal;
import postern.sql.Tx;

/**
 * Brings payments to their end: staged, sent, settled or failed. The gateway is called between
 * transactions. Several servers share the work; a payment that one of them left halfway is taken up
 * by another when its lease is over, and goes on where it stood. Safe for many threads.
 */
public final class PaymentRunner implements AutoCloseable {
  private static final Logger LOG = System.getLogger(PaymentRunner.class.getName());
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final Duration STOP_MAX = Duration.ofSeconds(9);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(250);
  private static final Duration RETRY_FIRST = Duration.ofSeconds(1);
  private static final Duration RETRY_LONGEST = Duration.ofMinutes(10);
  private static final Duration STAGED_MAX = Duration.ofHours(1);

  /** Preparing and carrying out, each within the gateway's time limit, and some room. */
  private static final int LEASE_TIMEOUTS = 3;

  private final Database database;
  private final Gateway gateway;
  private final Ids ids;
  private final Recharges recharges;
  private final ChangeLog log;
  private final int atOnceMax;
  private final Duration lease;
  private final Semaphore room;
  private final Signal wake = new Signal();
  private final Signal ended = new Signal();
  private volatile boolean closed;
  private volatile @Nullable Thread thread;

  /**
   * Makes it; {@link #start} begins the work.
   *
   * @param atOnceMax how many payments are worked on at once
   * @param gatewayTimeout how long a call of the gateway may take
   */
  public PaymentRunner(
      Database database,
      Gateway gateway,
      Ids ids,
      Recharges recharges,
      ChangeLog log,
      int atOnceMax,
      Duration gatewayTimeout) {
    this.database = database;
    this.gateway = gateway;
    this.ids = ids;
    this.recharges = recharges;
    this.log = log;
    this.atOnceMax = atOnceMax;
    this.lease = gatewayTimeout.multipliedBy(LEASE_TIMEOUTS);
    this.room = new Semaphore(atOnceMax);
  }

  /** Begins to work. */
  public void start() {
    thread = Thread.ofVirtual().name("payments").start(this::loop);
  }

  /** Has it look now: something is due. */
  public void wake() {
    wake.raise();
  }

  private void loop() {
    while (!closed) {
      long seen = wake.count();
      int begun = 0;
      try {
        begun = beginDue();
      } catch (RuntimeException e) {
        LOG.log(Level.WARNING, "payments wait: " + e.getMessage());
        seen = wake.count();
      }
      if (begun == 0) {
        wake.await(seen, PAUSE);
      }
    }
  }

  private int beginDue() {
    int free = room.drainPermits();
    int begun = 0;
    try {
      if (free > 0) {
        List<Payment> due = database.write(tx -> PaymentStore.claim(tx, free, lease));
        for (Payment payment : due) {
          Thread.ofVirtual().name("payment " + payment.id()).start(() -> work(payment));
          begun++;
        }
      }
    } finally {
      room.release(free - begun);
    }
    return begun;
  }

  private void work(Payment payment) {
    try {
      advance(payment);
    } catch (Gateway.UnavailableException e) {
      LOG.log(Level.INFO, "payment " + payment.id() + " waits: " + e.getMessage());
      postpone(payment);
    } catch (RuntimeException e) {
      // It stays claimed, and somebody goes on with it when the lease is over.
      LOG.log(Level.WARNING, "payment " + payment.id() + " was left halfway", e);
    } finally {
      room.release();
      ended.raise();
      wake.raise();
    }
  }

  private void advance(Payment payment) {
    PaymentMethod method =
        database
            .read(tx -> PaymentMethodStore.find(tx, payment.root(), payment.method()))
            .orElseThrow();
    Gateway.Transfer transfer = transferOf(payment, method);
    Payment sent = payment;
    if (payment.state() == Payment.State.STAGED) {
      Optional<Payment> prepared = prepare(payment, transfer);
      if (prepared.isEmpty()) {
        return;
      }
      sent = prepared.get();
    }
    String reference = sent.gatewayReference() == null ? "" : sent.gatewayReference();
    Payment current = sent;
    switch (gateway.carryOut(transfer, reference)) {
      case Gateway.Outcome.Succeeded() ->
          end(current, current.in(Payment.State.SETTLED, reference, null));
      case Gateway.Outcome.Failed(String reason) ->
          end(current, current.in(Payment.State.FAILED, reference, reason));
      case Gateway.Outcome.Pending() -> postpone(current);
    }
  }

  /** Lets the gateway know, and notes that it does; empty where there is nothing more to do. */
  private Optional<Payment> prepare(Payment payment, Gateway.Transfer transfer) {
    try {
      Payment sent = payment.in(Payment.State.SENT, gateway.prepare(transfer), null);
      boolean isStillStaged =
          database.write(tx -> PaymentStore.move(tx, sent, Payment.State.STAGED));
      return isStillStaged ? Optional.of(sent) : Optional.empty();
    } catch (Gateway.RefusedException e) {
      end(payment, payment.in(Payment.State.FAILED, null, e.reason()));
      return Optional.empty();
    }
  }

  private Gateway.Transfer transferOf(Payment payment, PaymentMethod method) {
    return database.read(
        tx ->
            new Gateway.Transfer(
                payment.id().toString(),
                method.gatewayCustomer(),
                method.details().reference(),
                method.isBankAccount(),
                payment.cents(),
                Optional.ofNullable(payment.refundOf())
                    .flatMap(of -> PaymentStore.find(tx, payment.root(), of))
                    .map(of -> String.valueOf(of.gatewayReference()))));
  }

  /** Ends a payment, and moves its money in the ledger, unless somebody else has ended it. */
  private void end(Payment before, Payment after) {
    database.write(
        tx -> {
          Books books = Books.lock(tx, ids, List.of(after.root()));
          LockedWallet wallet = books.wallet(after.root()).orElseThrow();
          if (PaymentStore.move(tx, after, before.state())) {
            if (after.isRefund()) {
              endRefund(tx, books, wallet, after);
            } else {
              endPayment(tx, books, wallet, after);
            }
            log.record(tx, after.root(), List.of(BillingFacts.ended(before, after)));
            books.write();
          }
          return after;
        });
  }

  private void endPayment(Tx tx, Books books, LockedWallet wallet, Payment payment) {
    boolean isRecharge = payment.kind() == Payment.Kind.RECHARGE;
    if (payment.state() == Payment.State.SETTLED) {
      long paid = Math.addExact(payment.amountMicros(), payment.feeMicros());
      move(books, wallet, EntryKind.PAYMENT, payment, paid);
      if (payment.feeMicros() > 0) {
        move(books, wallet, EntryKind.CARD_FEE, payment, payment.feeMicros());
      }
      if (isRecharge) {
        wallet.setRecharging(LockedWallet.Recharging.IDLE);
      }
    } else if (isRecharge) {
      recharges.failed(tx, wallet, payment);
    }
  }

  /** The money left the wallet when the refund was staged: it comes back if the refund failed. */
  private static void endRefund(Tx tx, Books books, LockedWallet wallet, Payment refund) {
    if (refund.state() == Payment.State.FAILED && refund.refundOf() != null) {
      move(books, wallet, EntryKind.REFUND_REVERSAL, refund, refund.amountMicros());
      PaymentStore.refunded(tx, refund.root(), refund.refundOf(), -refund.amountMicros());
    }
  }

  private static void move(
      Books books, LockedWallet wallet, EntryKind kind, Payment payment, long amountMicros) {
    books.move(wallet, kind, payment.user(), amountMicros, payment.id(), Books.Note.NONE);
  }

  /**
   * Looks at it again later. What was never sent fails after an hour; what was sent is asked about
   * until the gateway says how it ended, because money may have moved.
   */
  private void postpone(Payment payment) {
    boolean isStale =
        payment.state() == Payment.State.STAGED
            && !payment.createdAt().plus(STAGED_MAX).isAfter(database.now());
    if (isStale) {
      end(payment, payment.in(Payment.State.FAILED, null, "gateway_unavailable"));
      return;
    }
    database.write(
        tx -> {
          PaymentStore.later(tx, payment, tx.now().plus(pauseAfter(payment.attempts())));
          return payment;
        });
  }

  private static Duration pauseAfter(int attempts) {
    Duration pause = RETRY_FIRST.multipliedBy(1L << Math.min(Math.max(0, attempts - 1), 20));
    return pause.compareTo(RETRY_LONGEST) > 0 ? RETRY_LONGEST : pause;
  }

  /** Waits until a payment has ended, or the time is over; what it is then. */
  Payment await(UserId root, PaymentId id, Duration limit) {
    long deadline = System.nanoTime() + limit.toNanos();
    while (true) {
      long seen = ended.count();
      Payment payment = database.read(tx -> PaymentStore.find(tx, root, id)).orElseThrow();
      Duration left = Duration.ofNanos(deadline - System.nanoTime());
      if (payment.state().isEnd() || left.isNegative() || closed) {
        return payment;
      }
      // Another server may bring it to its end, which is not heard here.
      ended.await(seen, left.compareTo(LOOK_AGAIN) < 0 ? left : LOOK_AGAIN);
    }
  }

  /** Begins no more, and lets what is under way end, nine seconds at the most. */
  @Override
  public void close() {
    closed = true;
    wake.raise();
    ended.raise();
    try {
      Thread running = thread;
      if (running != null) {
        running.join(STOP_MAX);
      }
      if (room.tryAcquire(atOnceMax, STOP_MAX.toMillis(), TimeUnit.MILLISECONDS)) {
        room.release(atOnceMax);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
