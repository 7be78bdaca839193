package postern.billing;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import postern.core.MethodId;
import postern.core.PaymentId;
import postern.core.UserId;
import postern.sql.Row;
import postern.sql.Tx;

/** The SQL of {@code payments}. */
final class PaymentStore {
  /** A payment of which something can still be given back. */
  record Refundable(Payment payment, long leftMicros) {}

  private static final String COLUMNS =
      " root_id, id, user_id, kind, state, method_id, refund_of, amount_micros, fee_micros,"
          + " refunded_micros, shortfall_micros, gateway_reference, failure, attempts, created_at ";

  private PaymentStore() {}

  /** Writes a payment that is staged and due at once. */
  static void insert(Tx tx, Payment payment) {
    tx.execute(
        """
        insert into payments (root_id, id, user_id, kind, state, method_id, refund_of,
          amount_micros, fee_micros, shortfall_micros, due_at, created_at, updated_at)
        values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        payment.root().uuid(),
        payment.id().uuid(),
        payment.user().uuid(),
        payment.kind().wireName(),
        payment.state().wireName(),
        payment.method().uuid(),
        payment.refundOf() == null ? null : payment.refundOf().uuid(),
        payment.amountMicros(),
        payment.feeMicros(),
        payment.shortfallMicros(),
        tx.now(),
        payment.createdAt(),
        tx.now());
  }

  /**
   * Takes what is due, so that no other server does until the lease is over; across families,
   * because a loop asks.
   */
  static List<Payment> claim(Tx tx, int limit, Duration lease) {
    return tx.list(
        """
        with due as (
          select root_id, id
          from payments
          where state in ('staged', 'sent') and due_at <= ?
          order by due_at
          limit ?
          for update skip locked
        )
        update payments p
        set due_at = ?, attempts = attempts + 1
        from due
        where p.root_id = due.root_id and p.id = due.id
        returning
        """
            + COLUMNS.replace(" root_id, id,", " p.root_id, p.id,"),
        PaymentStore::read,
        tx.now(),
        limit,
        tx.now().plus(lease));
  }

  /** Has it looked at again at a moment, if it has not ended. */
  static void later(Tx tx, Payment payment, Instant at) {
    tx.execute(
        """
        update payments set due_at = ?
        where root_id = ? and id = ? and state in ('staged', 'sent')
        """,
        at,
        payment.root().uuid(),
        payment.id().uuid());
  }

  /** Moves it from one state to another; false where it is no longer in the first. */
  static boolean move(Tx tx, Payment to, Payment.State from) {
    return tx.execute(
            """
            update payments
            set state = ?, gateway_reference = ?, failure = ?, updated_at = ?
            where root_id = ? and id = ? and state = ?
            """,
            to.state().wireName(),
            to.gatewayReference(),
            to.failure(),
            tx.now(),
            to.root().uuid(),
            to.id().uuid(),
            from.wireName())
        == 1;
  }

  /** The payment of an ID that was written down. */
  static Payment get(Tx tx, UserId root, String id) {
    return PaymentId.parse(id).flatMap(parsed -> find(tx, root, parsed)).orElseThrow();
  }

  static Optional<Payment> find(Tx tx, UserId root, PaymentId id) {
    return tx.one(
        "select" + COLUMNS + "from payments where root_id = ? and id = ?",
        PaymentStore::read,
        root.uuid(),
        id.uuid());
  }

  /** Settled payments of which something is left, newest first; one of them alone if asked. */
  static List<Refundable> refundable(Tx tx, UserId root, @Nullable PaymentId only, int limit) {
    String which = only == null ? "" : " and id = ?";
    String sql =
        "select"
            + COLUMNS
            + "from payments where root_id = ? and state = 'settled' and kind <> 'refund'"
            + " and refunded_micros < amount_micros"
            + which
            + " order by created_at desc, id desc limit ?";
    Row.Mapper<Refundable> mapper =
        row ->
            new Refundable(read(row), row.bigint("amount_micros") - row.bigint("refunded_micros"));
    return only == null
        ? tx.list(sql, mapper, root.uuid(), limit)
        : tx.list(sql, mapper, root.uuid(), only.uuid(), limit);
  }

  /** Adds to what was given back of a payment, or takes away from it. */
  static void refunded(Tx tx, UserId root, PaymentId id, long addedMicros) {
    tx.execute(
        "update payments set refunded_micros = refunded_micros + ? where root_id = ? and id = ?",
        addedMicros,
        root.uuid(),
        id.uuid());
  }

  private static Payment read(Row row) {
    return new Payment(
        new UserId(row.uuid("root_id")),
        new PaymentId(row.uuid("id")),
        new UserId(row.uuid("user_id")),
        Payment.Kind.valueOf(row.text("kind").toUpperCase(Locale.ROOT)),
        Payment.State.valueOf(row.text("state").toUpperCase(Locale.ROOT)),
        new MethodId(row.uuid("method_id")),
        row.uuidIfAny("refund_of").map(PaymentId::new).orElse(null),
        row.bigint("amount_micros"),
        row.bigint("fee_micros"),
        row.bigint("shortfall_micros"),
        row.textIfAny("gateway_reference").orElse(null),
        row.textIfAny("failure").orElse(null),
        row.integer("attempts"),
        row.time("created_at"));
  }
}
