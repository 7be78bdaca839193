package postern.billing;

import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import postern.core.ApiException;
import postern.core.EntryId;
import postern.core.ErrorCode;
import postern.core.Principal;
import postern.core.UserId;
import postern.sql.Database;

/**
 * The reads of ledgers: a parent sees its family's whole ledger, a child what it has spent itself.
 * Safe for many threads.
 */
public final class Ledger {
  /** A part of a list. */
  public record Page(List<LedgerEntry> entries, boolean hasMore) {}

  /**
   * A month of a ledger.
   *
   * @param user whose it is
   * @param openingMicros what the wallet held when it began; empty for a child
   * @param closingMicros what it held at its end, or holds; empty for a child
   * @param totals of each kind of entry, signed as it is for the wallet
   */
  public record Statement(
      UserId user,
      YearMonth month,
      Optional<Long> openingMicros,
      Optional<Long> closingMicros,
      Map<EntryKind, Long> totals) {}

  /** What the wallet held when a day ended (UTC). */
  public record DayEnd(LocalDate day, long balanceMicros) {}

  private static final int BATCH_SIZE = 500;

  private final Database database;

  public Ledger(Database database) {
    this.database = database;
  }

  /** A part of the caller's ledger. */
  public Page list(Principal caller, LedgerQuery query) {
    List<LedgerEntry> found =
        database.read(
            tx -> LedgerStore.list(tx, caller.root(), visible(caller, query), query.size() + 1));
    boolean hasMore = found.size() > query.size();
    return new Page(hasMore ? found.subList(0, query.size()) : found, hasMore);
  }

  /** The number of an entry that is a cursor; empty for an id that the family does not have. */
  public Optional<Long> seqOf(Principal caller, EntryId id) {
    return database.read(tx -> LedgerStore.seqOf(tx, caller.root(), id));
  }

  /** Goes through everything that the query is for, some hundred at a time. */
  public void forEach(Principal caller, LedgerQuery query, Consumer<LedgerEntry> action) {
    LedgerQuery part = visible(caller, query);
    while (true) {
      LedgerQuery next = part;
      List<LedgerEntry> batch =
          database.read(tx -> LedgerStore.list(tx, caller.root(), next, BATCH_SIZE));
      batch.forEach(action);
      if (batch.size() < BATCH_SIZE) {
        return;
      }
      long last = batch.getLast().seq();
      part = query.isAscending() ? next.after(last) : next.before(last);
    }
  }

  private static LedgerQuery visible(Principal caller, LedgerQuery query) {
    return caller.isRoot() ? query : query.of(caller.user());
  }

  /**
   * The sums of a month (UTC): of the whole family for its parent, of a child's own charges.
   *
   * @throws ApiException.Refused with {@code NOT_FOUND} for a user that the caller cannot see
   */
  public Statement statement(Principal caller, UserId user, YearMonth month) {
    boolean isFamily = user.equals(caller.root());
    if (!caller.isRoot() && !user.equals(caller.user())) {
      throw new ApiException.Refused(ErrorCode.NOT_FOUND);
    }
    Instant from = startOf(month);
    Instant to = startOf(month.plusMonths(1));
    return database.read(
        tx -> {
          if (!LedgerStore.isOfFamily(tx, caller.root(), user)) {
            throw new ApiException.Refused(ErrorCode.NOT_FOUND);
          }
          Map<EntryKind, Long> totals = new EnumMap<>(EntryKind.class);
          totals.putAll(
              LedgerStore.totals(
                  tx, caller.root(), isFamily ? Optional.empty() : Optional.of(user), from, to));
          return new Statement(
              user,
              month,
              isFamily
                  ? Optional.of(LedgerStore.balanceAt(tx, caller.root(), from))
                  : Optional.empty(),
              isFamily
                  ? Optional.of(LedgerStore.balanceAt(tx, caller.root(), to))
                  : Optional.empty(),
              totals);
        });
  }

  /** The entries of a statement, oldest first. */
  public void forEachIn(Principal caller, Statement statement, Consumer<LedgerEntry> action) {
    Optional<UserId> only =
        statement.user().equals(caller.root()) ? Optional.empty() : Optional.of(statement.user());
    LedgerQuery query =
        LedgerQuery.of(
            only, startOf(statement.month()), startOf(statement.month().plusMonths(1)), BATCH_SIZE);
    forEach(caller, query, action);
  }

  /**
   * What the wallet held at the end of each of the last days (UTC), oldest first; today as it is
   * now. One look into an index for each day, however long the ledger is.
   *
   * @throws ApiException.Refused with {@code USER_UNAUTHORIZED} for a child
   */
  public List<DayEnd> dayEnds(Principal caller, int days) {
    if (!caller.isRoot()) {
      throw new ApiException.Refused(ErrorCode.USER_UNAUTHORIZED);
    }
    return database.read(
        tx ->
            LedgerStore.dayEnds(
                tx, caller.root(), LocalDate.ofInstant(tx.now(), ZoneOffset.UTC), days));
  }

  private static Instant startOf(YearMonth month) {
    return month.atDay(1).atStartOfDay(ZoneOffset.UTC).toInstant();
  }
}
