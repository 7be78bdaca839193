package postern.billing;

import static postern.sql.ArrayType.INT8S;
import static postern.sql.ArrayType.TEXTS;
import static postern.sql.ArrayType.TIMESTAMPTZS;
import static postern.sql.ArrayType.UUIDS;
import static postern.sql.Columns.column;
import static postern.sql.Columns.row;

import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import postern.core.EntryId;
import postern.core.PaymentId;
import postern.core.UserId;
import postern.sql.ArrayType;
import postern.sql.Columns;
import postern.sql.Row;
import postern.sql.Tx;

/** The SQL of {@code ledger_entries}. */
final class LedgerStore {
  /** A charge by the name that its user has given it. */
  record Reference(UserId root, UserId user, String text) {}

  private static final String COLUMNS =
      " root_id, seq, id, kind, user_id, amount_micros, balance_micros, payment_id, description,"
          + " reference, created_at ";

  private static final List<ArrayType> NEW_ENTRY =
      List.of(
          UUIDS,
          INT8S,
          UUIDS,
          TEXTS,
          UUIDS,
          TEXTS,
          TEXTS,
          INT8S,
          INT8S,
          UUIDS,
          TEXTS,
          TEXTS,
          TIMESTAMPTZS);

  private LedgerStore() {}

  static void insert(Tx tx, List<LedgerEntry> entries) {
    tx.execute(
        """
        insert into ledger_entries (root_id, seq, id, kind, user_id, debit_account, credit_account,
          amount_micros, balance_micros, payment_id, description, reference, created_at)
        select * from unnest(?::uuid[], ?::int8[], ?::uuid[], ?::text[], ?::uuid[], ?::text[],
          ?::text[], ?::int8[], ?::int8[], ?::uuid[], ?::text[], ?::text[], ?::timestamptz[])
        """,
        Columns.of(
            NEW_ENTRY,
            entries,
            entry ->
                row(
                    entry.root().uuid(),
                    entry.seq(),
                    entry.id().uuid(),
                    entry.kind().wireName(),
                    entry.user().uuid(),
                    entry.kind().debitAccount(),
                    entry.kind().creditAccount(),
                    entry.amountMicros(),
                    entry.balanceMicros(),
                    entry.payment() == null ? null : entry.payment().uuid(),
                    entry.description(),
                    entry.reference(),
                    entry.createdAt())));
  }

  /** Those of some references that are taken, with what took them. */
  static List<LedgerEntry> taken(Tx tx, List<Reference> references) {
    return tx.list(
        "select"
            + COLUMNS
            + """
            from ledger_entries
            join unnest(?::uuid[], ?::uuid[], ?::text[]) as n (root_id, user_id, reference)
              using (root_id, user_id, reference)
            """,
        LedgerStore::read,
        column(references, UUID[]::new, reference -> reference.root().uuid()),
        column(references, UUID[]::new, reference -> reference.user().uuid()),
        column(references, String[]::new, Reference::text));
  }

  /** Entries of a family, newest first or oldest first. */
  static List<LedgerEntry> list(Tx tx, UserId root, LedgerQuery query, int limit) {
    StringBuilder sql = new StringBuilder("select" + COLUMNS + "from ledger_entries");
    List<Object> arguments = new ArrayList<>(List.of(root.uuid(), query.afterSeq()));
    sql.append(" where root_id = ? and seq > ? and seq < ?");
    arguments.add(query.beforeSeq());
    query.user().ifPresent(user -> and(sql, arguments, "user_id = ?", user.uuid()));
    query.kind().ifPresent(kind -> and(sql, arguments, "kind = ?", kind.wireName()));
    query.from().ifPresent(from -> and(sql, arguments, "created_at >= ?", from));
    query.to().ifPresent(to -> and(sql, arguments, "created_at < ?", to));
    // Numbers and times go the same way: each of the two indexes gives the order.
    String direction = query.isAscending() ? "asc" : "desc";
    sql.append(query.hasPeriod() ? " order by created_at " + direction + "," : " order by");
    sql.append(" seq ").append(direction).append(" limit ?");
    arguments.add(limit);
    return tx.list(sql.toString(), LedgerStore::read, arguments.toArray());
  }

  private static void and(
      StringBuilder sql, List<Object> arguments, String condition, Object argument) {
    sql.append(" and ").append(condition);
    arguments.add(argument);
  }

  /** The number of an entry; its id carries the time that it is found by. */
  static Optional<Long> seqOf(Tx tx, UserId root, EntryId id) {
    Instant at = Instant.ofEpochMilli(id.uuid().getMostSignificantBits() >>> 16);
    return tx.one(
        "select seq from ledger_entries where root_id = ? and created_at = ? and id = ?",
        row -> row.bigint("seq"),
        root.uuid(),
        at,
        id.uuid());
  }

  /** What a wallet held at a moment. */
  static long balanceAt(Tx tx, UserId root, Instant before) {
    return tx.one(
            """
            select balance_micros
            from ledger_entries
            where root_id = ? and created_at < ?
            order by created_at desc, seq desc
            limit 1
            """,
            row -> row.bigint("balance_micros"),
            root.uuid(),
            before)
        .orElse(0L);
  }

  /** What the wallet held at the end of each of some days, the last of which is today. */
  static List<Ledger.DayEnd> dayEnds(Tx tx, UserId root, LocalDate today, int days) {
    return tx.list(
        """
        select d.day::date as day, coalesce(e.balance_micros, 0) as balance_micros
        from generate_series((?::date - ?::int)::timestamp, ?::date::timestamp, interval '1 day') as d (day)
        left join lateral (
          select balance_micros
          from ledger_entries
          where root_id = ? and created_at < (d.day + interval '1 day') at time zone 'UTC'
          order by created_at desc, seq desc
          limit 1
        ) as e on true
        order by d.day
        """,
        row -> new Ledger.DayEnd(LocalDate.parse(row.text("day")), row.bigint("balance_micros")),
        today.toString(),
        days - 1,
        today.toString(),
        root.uuid());
  }

  /** Whether a user is of a family, or was: what it has spent stays. */
  static boolean isOfFamily(Tx tx, UserId root, UserId user) {
    return tx.one(
            "select id from users where root_id = ? and id = ?",
            row -> true,
            root.uuid(),
            user.uuid())
        .isPresent();
  }

  /** The sums of a period, signed as they are for the wallet. */
  static Map<EntryKind, Long> totals(
      Tx tx, UserId root, Optional<UserId> user, Instant from, Instant to) {
    Map<EntryKind, Long> totals = new HashMap<>();
    tx.list(
            """
            select kind, sum(amount_micros)::int8 as total
            from ledger_entries
            where root_id = ? and created_at >= ? and created_at < ?
              and user_id = coalesce(?::uuid, user_id)
            group by kind
            """,
            row -> {
              EntryKind kind = EntryKind.of(row.text("kind"));
              return Map.entry(kind, kind.signed(row.bigint("total")));
            },
            root.uuid(),
            from,
            to,
            user.map(UserId::uuid).orElse(null))
        .forEach(total -> totals.put(total.getKey(), total.getValue()));
    return totals;
  }

  static LedgerEntry read(Row row) {
    return new LedgerEntry(
        new UserId(row.uuid("root_id")),
        row.bigint("seq"),
        new EntryId(row.uuid("id")),
        EntryKind.of(row.text("kind")),
        new UserId(row.uuid("user_id")),
        row.bigint("amount_micros"),
        row.bigint("balance_micros"),
        row.uuidIfAny("payment_id").map(PaymentId::new).orElse(null),
        row.textIfAny("description").orElse(null),
        row.textIfAny("reference").orElse(null),
        row.time("created_at"));
  }
}
