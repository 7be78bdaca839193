package postern.journal;

import java.util.List;
import postern.core.Origin;
import postern.core.UserId;
import postern.sql.Tx;

/** Where writes tell what they changed. Safe for many threads. */
@FunctionalInterface
public interface ChangeLog {
  /** A change of a family, and where it comes from. */
  record Entry(UserId root, Origin origin, Change change) {}

  /** Writes changes down, in the transaction that makes them. */
  void record(Tx tx, List<Entry> entries);

  /** Writes down changes of one family that come from where the current work does. */
  default void record(Tx tx, UserId root, List<Change> changes) {
    Origin origin = Origin.current();
    record(tx, changes.stream().map(change -> new Entry(root, origin, change)).toList());
  }

  /** The same, and after it another one. */
  default ChangeLog and(ChangeLog other) {
    return (tx, entries) -> {
      record(tx, entries);
      other.record(tx, entries);
    };
  }
}
