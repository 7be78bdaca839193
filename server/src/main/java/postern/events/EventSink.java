package postern.events;

import java.util.List;
import postern.sql.Tx;

/** Gets every event once, in the order of the feed. */
@FunctionalInterface
public interface EventSink {
  /**
   * Takes the next events, in the transaction that gives them their place: what is written here is
   * there exactly if they have it. May be run again if that transaction is.
   */
  void take(Tx tx, List<NumberedEvent> events);
}
