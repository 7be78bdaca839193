package postern.billing;

import java.util.Optional;
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
    return tx.one(
        """
        select balance_micros, has_billing_method, price_per_shipment_micros, cc_fee_rate,
          insurance_fee_rate, insurance_fee_minimum_micros, default_insurance_amount_micros
        from wallets
        where root_id = ?
        """,
        Wallets::read,
        root.uuid());
  }

  private static Wallet read(Row row) {
    Terms terms =
        new Terms(
            row.bigint("price_per_shipment_micros"),
            row.decimal("cc_fee_rate"),
            row.decimal("insurance_fee_rate"),
            row.bigint("insurance_fee_minimum_micros"),
            row.bigintIfAny("default_insurance_amount_micros").orElse(null));
    return new Wallet(row.bigint("balance_micros"), row.flag("has_billing_method"), terms);
  }
}
