package postern.audit;

import java.util.UUID;
import java.util.function.Consumer;
import postern.core.ApiException;
import postern.core.ErrorCode;
import postern.core.Principal;
import postern.sql.Database;
import postern.sql.Page;

/** The reads of the audit log: for the parent of a family alone. Safe for many threads. */
public final class AuditLog {
  private static final int BATCH_SIZE = 500;

  private final Database database;

  public AuditLog(Database database) {
    this.database = database;
  }

  /**
   * A part of the list.
   *
   * @throws ApiException.Refused with {@code USER_UNAUTHORIZED} for a child
   */
  public Page<AuditEntry> list(Principal caller, AuditQuery query) {
    requireParent(caller);
    return database.read(tx -> AuditStore.list(tx, caller.root(), query, query.size()));
  }

  /** Ends the request of a child. */
  public void requireParent(Principal caller) {
    if (!caller.isRoot()) {
      throw new ApiException.Refused(ErrorCode.USER_UNAUTHORIZED);
    }
  }

  /**
   * Goes through everything that the query is for, whatever its size, some hundred at a time and in
   * constant memory.
   */
  public void forEach(Principal caller, AuditQuery query, Consumer<AuditEntry> action) {
    requireParent(caller);
    AuditQuery part = query;
    while (true) {
      AuditQuery next = part;
      Page<AuditEntry> batch =
          database.read(tx -> AuditStore.list(tx, caller.root(), next, BATCH_SIZE));
      batch.rows().forEach(action);
      if (!batch.hasMore()) {
        return;
      }
      UUID last = batch.rows().getLast().id().uuid();
      part = query.isAscending() ? query.after(last) : query.before(last);
    }
  }
}
