package postern.billing;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.LongConsumer;
import postern.core.UserId;
import postern.sql.Database;
import postern.sql.Tx;

/**
 * Looks whether the books are right: that each wallet holds the sum of its entries, that these are
 * numbered without a gap, that each says what the wallet held after it, and that the sums beside
 * them (spent by day, paid and given back) are theirs. Safe for many threads.
 */
public final class LedgerCheck {
  /** What is wrong with a family's books. */
  public record Flaw(UserId root, String what) {}

  /** What was looked at, and what is wrong. */
  public record Report(long wallets, long entries, List<Flaw> flaws) {}

  /** Up to where a ledger was followed: the number of the last entry, and its balance. */
  private record Place(long seq, long balance) {
    static final Place BEGINNING = new Place(0, 0);
  }

  private record Wallet(long balance, long entries, Place checked) {}

  /** A stretch of entries: how many, how many do not follow from the one before, its end. */
  private record Stretch(long count, long wrong, Place end) {}

  private static final Logger LOG = System.getLogger(LedgerCheck.class.getName());
  private static final int BATCH_SIZE = 500;
  private static final int STRETCH_SIZE = 20_000;

  private final Database database;

  public LedgerCheck(Database database) {
    this.database = database;
  }

  /** Checks everything, from the first entry on; tells now and then how many entries are done. */
  public Report full(LongConsumer progress) {
    return run(true, progress);
  }

  /**
   * Checks what has been written since the last time, and logs what is wrong: as a job, at a cost
   * that does not grow with the ledger.
   */
  public Report sinceLastTime() {
    Report report = run(false, entries -> {});
    report
        .flaws()
        .forEach(
            flaw ->
                LOG.log(Level.ERROR, "the ledger of {0} is wrong: {1}", flaw.root(), flaw.what()));
    return report;
  }

  private Report run(boolean isFull, LongConsumer progress) {
    List<Flaw> flaws = new ArrayList<>();
    UUID after = new UUID(0, 0);
    long wallets = 0;
    long entries = 0;
    while (true) {
      UUID from = after;
      List<UserId> roots = database.read(tx -> roots(tx, from, isFull));
      for (UserId root : roots) {
        entries += check(root, isFull, flaws);
        progress.accept(entries);
      }
      wallets += roots.size();
      if (roots.size() < BATCH_SIZE) {
        return new Report(wallets, entries, List.copyOf(flaws));
      }
      after = roots.getLast().uuid();
    }
  }

  private static List<UserId> roots(Tx tx, UUID after, boolean isFull) {
    return tx.list(
        "select root_id from wallets where root_id > ?"
            + (isFull ? "" : " and entries > entries_checked")
            + " order by root_id limit ?",
        row -> new UserId(row.uuid("root_id")),
        after,
        BATCH_SIZE);
  }

  /**
   * Checks one ledger; how many entries that were. Entries do not change: nobody who charges has to
   * wait while they are followed, but for the last stretch.
   */
  private long check(UserId root, boolean isFull, List<Flaw> flaws) {
    int before = flaws.size();
    Place place = isFull ? Place.BEGINNING : database.read(tx -> wallet(tx, root, "")).checked();
    long entries = 0;
    Stretch stretch;
    do {
      Place from = place;
      stretch = database.read(tx -> follow(tx, root, from));
      if (stretch.count() == STRETCH_SIZE) {
        addWrong(flaws, root, stretch);
        entries += stretch.count();
        place = stretch.end();
      }
    } while (stretch.count() == STRETCH_SIZE);
    Place last = place;
    entries += database.write(tx -> checkEnd(tx, root, last, flaws, before));
    if (isFull) {
      database.write(tx -> checkSums(tx, root)).ifPresent(what -> flaws.add(new Flaw(root, what)));
    }
    return entries;
  }

  private static void addWrong(List<Flaw> flaws, UserId root, Stretch stretch) {
    if (stretch.wrong() > 0) {
      flaws.add(new Flaw(root, stretch.wrong() + " entries do not follow from the one before"));
    }
  }

  /** Follows what is left while nobody writes, and compares the end with the wallet. */
  private static long checkEnd(Tx tx, UserId root, Place from, List<Flaw> flaws, int flawsBefore) {
    Wallet wallet = wallet(tx, root, " for no key update");
    Place end = from;
    long entries = 0;
    Stretch stretch;
    do {
      stretch = follow(tx, root, end);
      addWrong(flaws, root, stretch);
      entries += stretch.count();
      end = stretch.end();
    } while (stretch.count() == STRETCH_SIZE);
    if (end.seq() != wallet.entries() || from.seq() + entries != wallet.entries()) {
      flaws.add(new Flaw(root, "entries are missing or too many after number " + from.seq()));
    }
    if (end.balance() != wallet.balance()) {
      flaws.add(new Flaw(root, "the balance is not the sum of the entries"));
    }
    if (flaws.size() == flawsBefore) {
      tx.execute(
          "update wallets set entries_checked = ? where root_id = ?",
          wallet.entries(),
          root.uuid());
    }
    return entries;
  }

  private static Wallet wallet(Tx tx, UserId root, String lock) {
    return tx.one(
            """
            select balance_micros, entries, entries_checked,
              coalesce((
                select e.balance_micros from ledger_entries e
                where e.root_id = w.root_id and e.seq = w.entries_checked
              ), 0) as balance_checked
            from wallets w
            where root_id = ?
            """
                + lock,
            row ->
                new Wallet(
                    row.bigint("balance_micros"),
                    row.bigint("entries"),
                    new Place(row.bigint("entries_checked"), row.bigint("balance_checked"))),
            root.uuid())
        .orElseThrow();
  }

  /** Follows the next entries; the balance at the end is the sum of their amounts. */
  private static Stretch follow(Tx tx, UserId root, Place from) {
    return tx.one(
            """
            select count(*) as count, ?::int8 + coalesce(sum(signed), 0)::int8 as balance,
              count(*) filter (where balance_micros <> before + signed or seq <> place) as wrong,
              coalesce(max(seq), ?::int8) as last
            from (
              select seq, balance_micros, signed,
                lag(balance_micros, 1, ?::int8) over (order by seq) as before,
                ?::int8 + row_number() over (order by seq) as place
              from (
                select seq, balance_micros,
                  case when credit_account = 'wallet' then amount_micros else -amount_micros end
                    as signed
                from ledger_entries
                where root_id = ? and seq > ?
                order by seq
                limit ?
              ) as entries
            ) as followed
            """,
            row ->
                new Stretch(
                    row.bigint("count"),
                    row.bigint("wrong"),
                    new Place(row.bigint("last"), row.bigint("balance"))),
            from.balance(),
            from.seq(),
            from.balance(),
            from.seq(),
            root.uuid(),
            from.seq(),
            STRETCH_SIZE)
        .orElseThrow();
  }

  /** What is kept beside the entries to be had fast; empty where it agrees with them. */
  private static Optional<String> checkSums(Tx tx, UserId root) {
    // One statement sees one moment: nobody has to wait. It may take long where the ledger is.
    tx.execute("set local statement_timeout = 0");
    return tx.one(
            """
            select concat_ws('; ',
              case when exists (
                select from (
                  select user_id, (created_at at time zone 'UTC')::date as day,
                    sum(amount_micros) as spent
                  from ledger_entries where root_id = w.root_id and kind = 'charge'
                  group by 1, 2
                ) as charged
                full join (select * from daily_spend where root_id = w.root_id) as kept
                  using (user_id, day)
                where spent is distinct from spent_micros
              ) then 'what was spent by day is not the sum of the charges' end,
              case when exists (
                select from payments p
                where p.root_id = w.root_id and p.kind <> 'refund' and p.state = 'settled'
                  and p.amount_micros + p.fee_micros <> coalesce((
                    select sum(amount_micros) from ledger_entries e
                    where e.root_id = p.root_id and e.payment_id = p.id and e.kind = 'payment'), 0)
              ) then 'a settled payment is not in the ledger once' end,
              case when exists (
                select from payments p
                where p.root_id = w.root_id and p.kind <> 'refund'
                  and p.refunded_micros <> coalesce((
                    select sum(amount_micros) from payments r
                    where r.root_id = p.root_id and r.refund_of = p.id and r.state <> 'failed'), 0)
              ) then 'what was given back of a payment is not the sum of its refunds' end,
              case when w.recharge_id is distinct from (
                select id from payments p
                where p.root_id = w.root_id and p.kind = 'recharge' and p.state in ('staged', 'sent')
              ) then 'the wallet does not know its recharge in flight' end
            ) as what
            from wallets w where w.root_id = ?
            """,
            row -> row.text("what"),
            root.uuid())
        .filter(what -> !what.isEmpty());
  }
}
