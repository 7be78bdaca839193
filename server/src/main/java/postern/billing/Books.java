package postern.billing;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import postern.core.Ids;
import postern.core.PaymentId;
import postern.core.UserId;
import postern.sql.Tx;

/**
 * The ledgers of some families, locked for a transaction. Movements are made here first and written
 * all at once, in as many statements as for one. Belongs to one thread.
 */
final class Books {
  /** What a caller says of a charge. */
  record Note(@Nullable String description, @Nullable String reference) {
    static final Note NONE = new Note(null, null);
  }

  private final Ids ids;
  private final Tx tx;
  private final Map<UserId, LockedWallet> wallets = new LinkedHashMap<>();
  private final List<LedgerEntry> entries = new ArrayList<>();

  private Books(Tx tx, Ids ids) {
    this.tx = tx;
    this.ids = ids;
  }

  /** Locks the wallets, always in the same order, so that nobody waits in a circle. */
  static Books lock(Tx tx, Ids ids, Collection<UserId> roots) {
    Books books = new Books(tx, ids);
    WalletStore.lock(tx, roots).forEach(wallet -> books.wallets.put(wallet.root(), wallet));
    return books;
  }

  /** The wallet of one of the families; empty where there is none. */
  Optional<LockedWallet> wallet(UserId root) {
    return Optional.ofNullable(wallets.get(root));
  }

  /** Moves money, and says what was written down about it. */
  LedgerEntry move(
      LockedWallet wallet,
      EntryKind kind,
      UserId user,
      long amountMicros,
      @Nullable PaymentId payment,
      Note note) {
    var at = wallet.move(kind, amountMicros, tx.now());
    LedgerEntry entry =
        new LedgerEntry(
            wallet.root(),
            wallet.entries(),
            ids.entry(at),
            kind,
            user,
            amountMicros,
            wallet.balanceMicros(),
            payment,
            note.description(),
            note.reference(),
            at);
    entries.add(entry);
    return entry;
  }

  /** Writes every movement, and the wallets as they are now. */
  void write() {
    if (!entries.isEmpty()) {
      LedgerStore.insert(tx, entries);
      List<LedgerEntry> charges =
          entries.stream().filter(entry -> entry.kind() == EntryKind.CHARGE).toList();
      if (!charges.isEmpty()) {
        SpendStore.add(tx, charges);
      }
    }
    WalletStore.update(tx, wallets.values());
  }
}
