package postern.audit;

import java.util.List;
import java.util.Optional;
import postern.core.Ids;
import postern.core.Origin;
import postern.core.UserId;
import postern.journal.Change;
import postern.journal.ChangeLog;
import postern.sql.Tx;

/** Writes down who changed what, in the transaction of the change. Safe for many threads. */
public final class AuditTrail {
  private final Ids ids;
  private final AuditChain chain;

  public AuditTrail(Ids ids, AuditChain chain) {
    this.ids = ids;
    this.chain = chain;
  }

  /** Writes one row for each change. */
  public void record(Tx tx, List<ChangeLog.Entry> entries) {
    AuditStore.insert(
        tx,
        entries.stream()
            .map(entry -> entry(tx, entry.root(), entry.origin(), entry.change()))
            .toList());
    tx.afterCommit(chain::wake);
  }

  private AuditEntry entry(Tx tx, UserId root, Origin origin, Change change) {
    return new AuditEntry(
        root,
        ids.audit(tx.now()),
        tx.now(),
        actorOf(origin),
        change.kind(),
        new AuditEntry.Target(change.objectId(), change.user().toString(), change.objectName()),
        change.before(),
        change.after(),
        new AuditEntry.Source(origin.address(), origin.client(), origin.requestId()),
        "",
        Optional.empty());
  }

  private static AuditEntry.Actor actorOf(Origin origin) {
    return origin
        .caller()
        .map(AuditEntry.Actor::of)
        .or(
            () ->
                origin.operator().map(command -> new AuditEntry.Actor("operator", command, "", "")))
        .orElseGet(() -> new AuditEntry.Actor("system", "", "", ""));
  }
}
