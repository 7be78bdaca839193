package postern.billing;

import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import postern.core.Ids;
import postern.core.UserId;
import postern.journal.ChangeLog;
import postern.sql.Tx;

/**
 * Charges of one family or several, decided one after the other and written together: as many
 * statements for all as for one.
 */
final class ChargeGroup {
  private final Ids ids;
  private final Recharges recharges;
  private final ChangeLog log;

  ChargeGroup(Ids ids, Recharges recharges, ChangeLog log) {
    this.ids = ids;
    this.recharges = recharges;
    this.log = log;
  }

  /** Takes what can be taken; what became of each order, in their order. */
  List<ChargeResult> run(Tx tx, List<ChargeOrder> orders) {
    Books books = Books.lock(tx, ids, orders.stream().map(ChargeOrder::root).toList());
    Map<LedgerStore.Reference, LedgerEntry> known = known(tx, orders);
    Map<UserId, SpendStore.Allowance> allowances = allowances(tx, orders);
    List<ChargeResult> results = new ArrayList<>(orders.size());
    List<ChangeLog.Entry> told = new ArrayList<>(orders.size());
    for (ChargeOrder order : orders) {
      ChargeResult result = charge(tx, books, order, known, allowances);
      if (result instanceof ChargeResult.Charged(LedgerEntry entry)) {
        told.add(new ChangeLog.Entry(order.root(), order.origin(), BillingFacts.charged(entry)));
      }
      results.add(result);
    }
    books.write();
    if (!told.isEmpty()) {
      log.record(tx, told);
    }
    return results;
  }

  private ChargeResult charge(
      Tx tx,
      Books books,
      ChargeOrder order,
      Map<LedgerStore.Reference, LedgerEntry> known,
      Map<UserId, SpendStore.Allowance> allowances) {
    LockedWallet wallet = books.wallet(order.root()).orElseThrow();
    LedgerStore.Reference reference = referenceOf(order);
    SpendStore.Allowance allowance = allowances.get(order.user());
    return switch (ChargeRules.judge(wallet, order, known.get(reference), allowance)) {
      case ChargeRules.Verdict.Refused(ChargeResult result) -> result;
      case ChargeRules.Verdict.Missing(long missing) -> {
        recharges.stageIfPossible(tx, wallet, missing);
        yield ChargeRules.missing(wallet, missing);
      }
      case ChargeRules.Verdict.Taken() -> {
        LedgerEntry entry =
            books.move(
                wallet, EntryKind.CHARGE, order.user(), order.amountMicros(), null, order.note());
        if (entry.reference() != null) {
          known.put(reference, entry);
        }
        if (allowance != null) {
          allowances.put(order.user(), allowance.spending(order.amountMicros()));
        }
        if (wallet.rule().asksFor(wallet.balanceMicros())) {
          recharges.stageIfPossible(tx, wallet, 0);
        }
        yield new ChargeResult.Charged(entry);
      }
    };
  }

  private static LedgerStore.Reference referenceOf(ChargeOrder order) {
    String text = order.note().reference();
    return new LedgerStore.Reference(order.root(), order.user(), text == null ? "" : text);
  }

  private static Map<LedgerStore.Reference, LedgerEntry> known(Tx tx, List<ChargeOrder> orders) {
    Map<LedgerStore.Reference, LedgerEntry> known = new HashMap<>();
    List<LedgerStore.Reference> references =
        orders.stream()
            .filter(order -> order.note().reference() != null)
            .map(ChargeGroup::referenceOf)
            .distinct()
            .toList();
    if (!references.isEmpty()) {
      for (LedgerEntry entry : LedgerStore.taken(tx, references)) {
        String text = entry.reference() == null ? "" : entry.reference();
        known.put(new LedgerStore.Reference(entry.root(), entry.user(), text), entry);
      }
    }
    return known;
  }

  private static Map<UserId, SpendStore.Allowance> allowances(Tx tx, List<ChargeOrder> orders) {
    List<ChargeOrder> ofChildren = orders.stream().filter(ChargeOrder::isOfChild).toList();
    if (ofChildren.isEmpty()) {
      return new HashMap<>();
    }
    Map<UserId, UserId> rootOf = new HashMap<>();
    ofChildren.forEach(order -> rootOf.put(order.user(), order.root()));
    List<UserId> users = List.copyOf(rootOf.keySet());
    return SpendStore.allowances(
        tx,
        users.stream().map(rootOf::get).toList(),
        users,
        LocalDate.ofInstant(tx.now(), ZoneOffset.UTC));
  }
}
