package postern.billing;

import static postern.sql.Columns.column;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import postern.core.UserId;
import postern.sql.Row;
import postern.sql.Tx;

/** Wallets, one per family, inside the transactions of those who ask. Safe for many threads. */
public final class Wallets {
  /** Opens the wallet of a new top-level user, empty. */
  public void open(Tx tx, UserId root, Terms terms) {
    tx.execute(
        """
        insert into wallets (root_id, price_per_shipment_micros, cc_fee_rate, insurance_fee_rate,
          insurance_fee_minimum_micros, default_insurance_amount_micros)
        values (?, ?, ?, ?, ?, ?)
        """,
        root.uuid(),
        terms.pricePerShipmentMicros(),
        terms.ccFeeRate(),
        terms.insuranceFeeRate(),
        terms.insuranceFeeMinimumMicros(),
        terms.defaultInsuranceAmountMicros());
  }

  /** The wallet of a family. */
  public Optional<Wallet> find(Tx tx, UserId root) {
    return Optional.ofNullable(find(tx, List.of(root)).get(root));
  }

  /** The wallets of some families. */
  public Map<UserId, Wallet> find(Tx tx, List<UserId> roots) {
    Map<UserId, Wallet> found = new HashMap<>();
    tx.list(
            """
            select root_id, balance_micros, has_billing_method, recharge_paused_until, price_per_shipment_micros,
              cc_fee_rate, insurance_fee_rate, insurance_fee_minimum_micros,
              default_insurance_amount_micros
            from wallets
            where root_id = any(?::uuid[])
            """,
            row -> Map.entry(new UserId(row.uuid("root_id")), read(row)),
            (Object) column(roots, UUID[]::new, UserId::uuid))
        .forEach(wallet -> found.put(wallet.getKey(), wallet.getValue()));
    return found;
  }

  private static Wallet read(Row row) {
    Terms terms =
        new Terms(
            row.bigint("price_per_shipment_micros"),
            row.decimal("cc_fee_rate"),
            row.decimal("insurance_fee_rate"),
            row.bigint("insurance_fee_minimum_micros"),
            row.bigintIfAny("default_insurance_amount_micros").orElse(null));
    return new Wallet(
        row.bigint("balance_micros"),
        row.flag("has_billing_method"),
        row.timeIfAny("recharge_paused_until").orElse(null),
        terms);
  }
}
