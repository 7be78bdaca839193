package postern.billing;

import java.time.Instant;
import java.util.Optional;
import postern.core.UserId;

/**
 * Which entries of a ledger are asked for, and in which order.
 *
 * @param afterSeq the number that all must be above
 * @param beforeSeq the number that all must be below
 * @param user only what this user has caused
 * @param from not before this moment
 * @param to before this moment
 * @param size at most so many
 */
public record LedgerQuery(
    long afterSeq,
    long beforeSeq,
    boolean isAscending,
    Optional<UserId> user,
    Optional<EntryKind> kind,
    Optional<Instant> from,
    Optional<Instant> to,
    int size) {
  /** Everything of a period, oldest first. */
  static LedgerQuery of(Optional<UserId> user, Instant from, Instant to, int size) {
    return new LedgerQuery(
        0, Long.MAX_VALUE, true, user, Optional.empty(), Optional.of(from), Optional.of(to), size);
  }

  boolean hasPeriod() {
    return from.isPresent() || to.isPresent();
  }

  /** The same above another number. */
  LedgerQuery after(long seq) {
    return new LedgerQuery(seq, beforeSeq, isAscending, user, kind, from, to, size);
  }

  /** The same below another number. */
  LedgerQuery before(long seq) {
    return new LedgerQuery(afterSeq, seq, isAscending, user, kind, from, to, size);
  }

  /** The same for one user alone. */
  LedgerQuery of(UserId only) {
    return new LedgerQuery(
        afterSeq, beforeSeq, isAscending, Optional.of(only), kind, from, to, size);
  }
}
