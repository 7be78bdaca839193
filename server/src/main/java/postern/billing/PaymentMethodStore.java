package postern.billing;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import postern.billing.gateway.Gateway;
import postern.core.MethodId;
import postern.core.UserId;
import postern.sql.Row;
import postern.sql.Tx;

/** The SQL of {@code payment_methods}. */
final class PaymentMethodStore {
  private static final String BANK_ACCOUNT = "bank_account";
  private static final String COLUMNS =
      " root_id, id, kind, priority, gateway_method, gateway_customer, name, last4, brand, exp_month, exp_year,"
          + " bank_name, country, created_at, deleted_at ";

  private PaymentMethodStore() {}

  static void insert(Tx tx, PaymentMethod method) {
    Gateway.Method.@Nullable Card card =
        method.details() instanceof Gateway.Method.Card of ? of : null;
    Gateway.Method.@Nullable BankAccount bank =
        method.details() instanceof Gateway.Method.BankAccount of ? of : null;
    tx.execute(
        """
        insert into payment_methods (root_id, id, kind, priority, gateway_method, gateway_customer,
          name, last4, brand, exp_month, exp_year, bank_name, country, created_at)
        values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        method.root().uuid(),
        method.id().uuid(),
        card == null ? BANK_ACCOUNT : "credit_card",
        method.priority().wireName(),
        method.details().reference(),
        method.gatewayCustomer(),
        card == null ? null : card.name(),
        method.details().last4(),
        card == null ? null : card.brand(),
        card == null ? null : card.expMonth(),
        card == null ? null : card.expYear(),
        bank == null ? null : bank.bankName(),
        bank == null ? null : bank.country(),
        method.createdAt());
  }

  /** Those that can be charged, the primary one first. */
  static List<PaymentMethod> inPlace(Tx tx, UserId root) {
    return tx.list(
        "select"
            + COLUMNS
            + "from payment_methods where root_id = ? and deleted_at is null order by priority",
        PaymentMethodStore::read,
        root.uuid());
  }

  /** Any that the family ever had. */
  static Optional<PaymentMethod> find(Tx tx, UserId root, MethodId id) {
    return tx.one(
        "select" + COLUMNS + "from payment_methods where root_id = ? and id = ?",
        PaymentMethodStore::read,
        root.uuid(),
        id.uuid());
  }

  static void delete(Tx tx, UserId root, MethodId id) {
    tx.execute(
        "update payment_methods set deleted_at = ? where root_id = ? and id = ?",
        tx.now(),
        root.uuid(),
        id.uuid());
  }

  private static PaymentMethod read(Row row) {
    Gateway.Method details =
        row.text("kind").equals(BANK_ACCOUNT)
            ? new Gateway.Method.BankAccount(
                row.text("gateway_method"),
                row.text("bank_name"),
                row.text("last4"),
                row.text("country"))
            : new Gateway.Method.Card(
                row.text("gateway_method"),
                row.textIfAny("name").orElse(null),
                row.text("last4"),
                row.integer("exp_month"),
                row.integer("exp_year"),
                row.text("brand"));
    return new PaymentMethod(
        new UserId(row.uuid("root_id")),
        new MethodId(row.uuid("id")),
        Priority.parse(row.text("priority")).orElseThrow(),
        row.text("gateway_customer"),
        details,
        row.time("created_at"),
        row.timeIfAny("deleted_at").orElse(null));
  }
}
