package postern.billing;

import static postern.sql.Columns.column;

import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import postern.core.UserId;
import postern.sql.Row;
import postern.sql.Tx;

/** The SQL of {@code daily_spend}, and of the limits that stand with the users. */
final class SpendStore {
  /** What a child may still spend, and in which period that is so. */
  record Allowance(SpendLimit limit, long spentMicros) {
    long leftMicros() {
      return Math.max(0, limit.limitMicros() - spentMicros);
    }

    Allowance spending(long amountMicros) {
      return new Allowance(limit, Math.addExact(spentMicros, amountMicros));
    }
  }

  private record Day(UUID root, UUID user, LocalDate day) {}

  private SpendStore() {}

  /** Adds charges to what their users have spent on their days. */
  static void add(Tx tx, List<LedgerEntry> charges) {
    Map<Day, Long> spent = new LinkedHashMap<>();
    for (LedgerEntry charge : charges) {
      Day day =
          new Day(
              charge.root().uuid(),
              charge.user().uuid(),
              LocalDate.ofInstant(charge.createdAt(), ZoneOffset.UTC));
      spent.merge(day, charge.amountMicros(), Math::addExact);
    }
    tx.execute(
        """
        insert into daily_spend as d (root_id, user_id, day, spent_micros)
        select * from unnest(?::uuid[], ?::uuid[], ?::text[]::date[], ?::int8[])
        on conflict (root_id, user_id, day)
          do update set spent_micros = d.spent_micros + excluded.spent_micros
        """,
        column(spent.keySet(), UUID[]::new, Day::root),
        column(spent.keySet(), UUID[]::new, Day::user),
        column(spent.keySet(), String[]::new, day -> day.day().toString()),
        spent.values().toArray(Long[]::new));
  }

  /**
   * What those of some users that have a limit may still spend today. Right until the transaction
   * ends if the wallets of their families are locked.
   */
  static Map<UserId, Allowance> allowances(
      Tx tx, List<UserId> roots, List<UserId> users, LocalDate today) {
    Map<UserId, Allowance> allowances = new HashMap<>();
    tx.list(
            """
            select u.id, u.spend_limit_micros, u.spend_period,
              coalesce((
                select sum(d.spent_micros)
                from daily_spend d
                where d.root_id = u.root_id and d.user_id = u.id
                  and d.day >= date_trunc(u.spend_period, ?::text::date)::date
              ), 0)::int8 as spent
            from users u
            join unnest(?::uuid[], ?::uuid[]) as n (root_id, id) using (root_id, id)
            where u.spend_limit_micros is not null
            """,
            row -> {
              Allowance allowance = new Allowance(limit(row), row.bigint("spent"));
              return Map.entry(new UserId(row.uuid("id")), allowance);
            },
            today.toString(),
            column(roots, UUID[]::new, UserId::uuid),
            column(users, UUID[]::new, UserId::uuid))
        .forEach(found -> allowances.put(found.getKey(), found.getValue()));
    return allowances;
  }

  private static SpendLimit limit(Row row) {
    return new SpendLimit(
        row.bigint("spend_limit_micros"),
        SpendLimit.Period.parse(row.text("spend_period")).orElseThrow());
  }
}
