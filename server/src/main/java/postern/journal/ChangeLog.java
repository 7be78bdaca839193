package postern.journal;

import java.util.List;
import postern.core.UserId;
import postern.sql.Tx;

/** Where writes tell what they changed. Safe for many threads. */
@FunctionalInterface
public interface ChangeLog {
  /** Writes changes of one family down, in the transaction that makes them. */
  void record(Tx tx, UserId root, List<Change> changes);
}
