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

  private record Wallet(UserId root, long balance, long entries, long checked, long atChecked) {}

  private record Found(long count, long sum, long wrong, long last) {}

  private static final Logger LOG = System.getLogger(LedgerCheck.class.getName());
  private static final int BATCH_SIZE = 500;

  private final Database database;

  public LedgerCheck(Database database) {
    this.database = database;
  }

  /** Checks everything, from the first entry on; tells now and then how many wallets are done. */
  public Report full(LongConsumer progress) {
    return run(true, progress);
  }

  /**
   * Checks what has been written since the last time, and logs what is wrong: as a job, at a cost
   * that does not grow with the ledger.
   */
  public Report sinceLastTime() {
    Report report = run(false, wallets -> {});
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
        entries += database.write(tx -> check(tx, root, isFull, flaws));
      }
      wallets += roots.size();
      progress.accept(wallets);
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

  /** Checks one wallet while nobody writes to it; how many entries that were. */
  private static long check(Tx tx, UserId root, boolean isFull, List<Flaw> flaws) {
    Wallet wallet = lock(tx, root, isFull);
    Found found = entries(tx, wallet);
    int before = flaws.size();
    if (found.count() != wallet.entries() - wallet.checked() || found.last() != wallet.entries()) {
      flaws.add(new Flaw(root, "entries are missing or too many after number " + wallet.checked()));
    }
    if (wallet.atChecked() + found.sum() != wallet.balance()) {
      flaws.add(new Flaw(root, "the balance is not the sum of the entries"));
    }
    if (found.wrong() > 0) {
      flaws.add(new Flaw(root, found.wrong() + " entries do not follow from the one before"));
    }
    if (isFull) {
      checkSums(tx, root).ifPresent(what -> flaws.add(new Flaw(root, what)));
    }
    if (flaws.size() == before) {
      tx.execute(
          "update wallets set entries_checked = ? where root_id = ?",
          wallet.entries(),
          root.uuid());
    }
    return found.count();
  }

  private static Wallet lock(Tx tx, UserId root, boolean isFull) {
    return tx.one(
            """
            select balance_micros, entries, case when ? then 0 else entries_checked end as checked,
              coalesce((
                select e.balance_micros from ledger_entries e
                where e.root_id = w.root_id and e.seq = w.entries_checked and not ?
              ), 0) as at_checked
            from wallets w
            where root_id = ?
            for no key update
            """,
            row ->
                new Wallet(
                    root,
                    row.bigint("balance_micros"),
                    row.bigint("entries"),
                    row.bigint("checked"),
                    row.bigint("at_checked")),
            isFull,
            isFull,
            root.uuid())
        .orElseThrow();
  }

  private static Found entries(Tx tx, Wallet wallet) {
    return tx.one(
            """
            select count(*) as count, coalesce(sum(signed), 0)::int8 as sum,
              count(*) filter (where balance_micros <> before + signed or seq <> place) as wrong,
              coalesce(max(seq), ?) as last
            from (
              select seq, balance_micros, signed,
                lag(balance_micros, 1, ?) over (order by seq) as before,
                ? + row_number() over (order by seq) as place
              from (
                select seq, balance_micros,
                  case when credit_account = 'wallet' then amount_micros else -amount_micros end
                    as signed
                from ledger_entries
                where root_id = ? and seq > ?
              ) as entries
            ) as followed
            """,
            row ->
                new Found(
                    row.bigint("count"),
                    row.bigint("sum"),
                    row.bigint("wrong"),
                    row.bigint("last")),
            wallet.checked(),
            wallet.atChecked(),
            wallet.checked(),
            wallet.root().uuid(),
            wallet.checked())
        .orElseThrow();
  }

  /** What is kept beside the entries to be had fast; empty where it agrees with them. */
  private static Optional<String> checkSums(Tx tx, UserId root) {
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
