package postern.billing;

import static postern.sql.ArrayType.INT8S;
import static postern.sql.ArrayType.TIMESTAMPTZS;
import static postern.sql.ArrayType.UUIDS;
import static postern.sql.Columns.row;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import postern.billing.gateway.Gateway;
import postern.core.CustomerId;
import postern.core.PaymentId;
import postern.core.UserId;
import postern.sql.ArrayType;
import postern.sql.Columns;
import postern.sql.Row;
import postern.sql.Tx;

/** The SQL of {@code wallets}, but for opening and showing one. */
final class WalletStore {
  /** A family's customer at the gateway. */
  record Customer(CustomerId id, String gatewayCustomer) {}

  private static final List<ArrayType> CHANGED_WALLET =
      List.of(UUIDS, INT8S, INT8S, TIMESTAMPTZS, UUIDS, INT8S, TIMESTAMPTZS);

  private WalletStore() {}

  /**
   * Locks wallets until the transaction ends. How they are recharged stands with their owners,
   * beside what a parent has set for its children.
   */
  static List<LockedWallet> lock(Tx tx, Collection<UserId> roots) {
    return tx.list(
        """
        select w.root_id, w.has_billing_method, w.cc_fee_rate, w.balance_micros, w.entries,
          w.last_entry_at, w.recharge_id,
          w.recharge_failures, w.recharge_paused_until, u.recharge_amount_micros,
          u.secondary_recharge_amount_micros, u.recharge_threshold_micros
        from wallets w join users u on u.root_id = w.root_id and u.id = w.root_id
        where w.root_id = any(?::uuid[])
        order by w.root_id
        for no key update of w
        """,
        WalletStore::read,
        (Object) roots.stream().map(UserId::uuid).distinct().toArray(UUID[]::new));
  }

  private static LockedWallet read(Row row) {
    return new LockedWallet(
        new UserId(row.uuid("root_id")),
        row.flag("has_billing_method"),
        row.decimal("cc_fee_rate"),
        new RechargeRule(
            row.bigintIfAny("recharge_amount_micros").orElse(null),
            row.bigintIfAny("secondary_recharge_amount_micros").orElse(null),
            row.bigintIfAny("recharge_threshold_micros").orElse(null)),
        row.bigint("balance_micros"),
        row.bigint("entries"),
        row.time("last_entry_at"),
        new LockedWallet.Recharging(
            row.uuidIfAny("recharge_id").map(PaymentId::new).orElse(null),
            row.integer("recharge_failures"),
            row.timeIfAny("recharge_paused_until").orElse(null)));
  }

  /** Writes those of some locked wallets that have changed. */
  static void update(Tx tx, Collection<LockedWallet> locked) {
    List<LockedWallet> wallets = locked.stream().filter(LockedWallet::hasChanged).toList();
    if (wallets.isEmpty()) {
      return;
    }
    tx.execute(
        """
        update wallets w
        set balance_micros = n.balance, entries = n.entries, last_entry_at = n.at,
          recharge_id = n.recharge, recharge_failures = n.failures, recharge_paused_until = n.pause
        from unnest(?::uuid[], ?::int8[], ?::int8[], ?::timestamptz[], ?::uuid[], ?::int8[],
          ?::timestamptz[]) as n (root_id, balance, entries, at, recharge, failures, pause)
        where w.root_id = n.root_id
        """,
        Columns.of(
            CHANGED_WALLET,
            wallets,
            wallet ->
                row(
                    wallet.root().uuid(),
                    wallet.balanceMicros(),
                    wallet.entries(),
                    wallet.lastEntryAt(),
                    wallet.recharging().inFlight() == null
                        ? null
                        : wallet.recharging().inFlight().uuid(),
                    (long) wallet.recharging().failures(),
                    wallet.recharging().pausedUntil())));
  }

  static Optional<Customer> customer(Tx tx, UserId root) {
    return tx.one(
        """
        select customer_id, gateway_customer
        from wallets
        where root_id = ? and customer_id is not null
        """,
        WalletStore::readCustomer,
        root.uuid());
  }

  /** Gives a customer at the gateway to a family; false where it is another family's. */
  static boolean claimCustomer(Tx tx, UserId root, String gatewayCustomer) {
    return tx.one(
            """
            insert into gateway_customers (id, root_id)
            values (?, ?)
            on conflict (id) do update set root_id = gateway_customers.root_id
            returning root_id
            """,
            row -> row.uuid("root_id").equals(root.uuid()),
            gatewayCustomer,
            root.uuid())
        .orElseThrow();
  }

  /** Notes a family's customer unless it has one; the one that it has then. */
  static Customer setCustomer(Tx tx, UserId root, Customer customer) {
    return tx.one(
            """
            update wallets
            set customer_id = coalesce(customer_id, ?),
              gateway_customer = coalesce(gateway_customer, ?)
            where root_id = ?
            returning customer_id, gateway_customer
            """,
            WalletStore::readCustomer,
            customer.id().uuid(),
            customer.gatewayCustomer(),
            root.uuid())
        .orElseThrow();
  }

  private static Customer readCustomer(Row row) {
    return new Customer(new CustomerId(row.uuid("customer_id")), row.text("gateway_customer"));
  }

  /** What the gateway is told of the owner of a wallet. */
  static Gateway.Customer ownerOf(Tx tx, UserId root) {
    return tx.one(
            "select name, email from users where root_id = ? and id = ?",
            row -> new Gateway.Customer(row.text("name"), row.textIfAny("email").orElse(null)),
            root.uuid(),
            root.uuid())
        .orElseThrow();
  }

  static void setHasBillingMethod(Tx tx, UserId root, boolean has) {
    tx.execute("update wallets set has_billing_method = ? where root_id = ?", has, root.uuid());
  }
}
