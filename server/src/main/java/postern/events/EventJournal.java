package postern.events;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import postern.core.Ids;
import postern.core.Mode;
import postern.core.UserId;
import postern.journal.Change;
import postern.journal.ChangeLog;
import postern.sql.Tx;

/** Writes events down, in the transactions that make them happen. Safe for many threads. */
public final class EventJournal {
  private static final Set<String> KINDS =
      Set.of(
          "user.created",
          "user.updated",
          "user.deleted",
          "user.restored",
          "api_key.created",
          "api_key.enabled",
          "api_key.disabled",
          "api_key.deleted",
          "brand.updated",
          "webhook.disabled",
          "payment.created",
          "payment.completed",
          "payment.failed",
          "refund.successful");

  private final Ids ids;
  private final EventNumbering numbering;

  public EventJournal(Ids ids, EventNumbering numbering) {
    this.ids = ids;
    this.numbering = numbering;
  }

  /** Makes an event of each change that is of a kind to be told, in their order. */
  public void append(Tx tx, List<ChangeLog.Entry> entries) {
    List<Event> events = new ArrayList<>(entries.size());
    for (ChangeLog.Entry entry : entries) {
      Change change = entry.change();
      if (!KINDS.contains(change.kind())) {
        continue;
      }
      events.add(
          new Event(
              ids.event(tx.now()),
              entry.root(),
              change.user(),
              change.mode().orElseGet(() -> entry.origin().mode()),
              change.kind(),
              change.facts(),
              change.previous(),
              tx.now()));
    }
    if (!events.isEmpty()) {
      write(tx, events);
    }
  }

  /** Makes one event of a given mode, and of JSON objects. */
  Event append(
      Tx tx,
      UserId root,
      UserId user,
      Mode mode,
      String description,
      String result,
      String previousAttributes) {
    Event event =
        new Event(
            ids.event(tx.now()),
            root,
            user,
            mode,
            description,
            result,
            previousAttributes,
            tx.now());
    write(tx, List.of(event));
    return event;
  }

  private void write(Tx tx, List<Event> events) {
    EventStore.insert(tx, events);
    tx.afterCommit(numbering::wake);
  }
}
