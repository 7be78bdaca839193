package postern.limits;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import postern.core.Rate;
import postern.core.UserId;
import postern.sql.Tx;

/** The table {@code account_limits}. */
final class LimitStore {
  private LimitStore() {}

  private record Stored(UserId root, Optional<Limit> limit, Optional<Rate> rate) {}

  /** Those of every account: there are as many as operators have typed. */
  static Map<UserId, Map<Limit, Rate>> all(Tx tx) {
    List<Stored> rows =
        tx.list(
            "select root_id, name, rate from account_limits",
            row ->
                new Stored(
                    new UserId(row.uuid("root_id")),
                    Limit.parse(row.text("name")),
                    Rate.parse(row.text("rate"))));
    Map<UserId, Map<Limit, Rate>> all = new HashMap<>();
    for (Stored row : rows) {
      if (row.limit().isPresent() && row.rate().isPresent()) {
        all.computeIfAbsent(row.root(), root -> new EnumMap<>(Limit.class))
            .put(row.limit().get(), row.rate().get());
      }
    }
    return all;
  }

  static Optional<Rate> find(Tx tx, UserId root, Limit limit) {
    return tx.one(
            "select rate from account_limits where root_id = ? and name = ?",
            row -> row.text("rate"),
            root.uuid(),
            limit.wireName())
        .flatMap(Rate::parse);
  }

  static void put(Tx tx, UserId root, Limit limit, Rate rate) {
    tx.execute(
        """
        insert into account_limits (root_id, name, rate, updated_at)
        values (?, ?, ?, ?)
        on conflict (root_id, name) do update
        set rate = excluded.rate, updated_at = excluded.updated_at
        """,
        root.uuid(),
        limit.wireName(),
        rate.toString(),
        tx.now());
  }

  static void delete(Tx tx, UserId root, Limit limit) {
    tx.execute(
        "delete from account_limits where root_id = ? and name = ?", root.uuid(), limit.wireName());
  }
}
