package postern.accounts;

import java.util.List;
import postern.core.ApiException;
import postern.core.ErrorCode;
import postern.core.Principal;
import postern.core.UserId;
import postern.journal.ChangeLog;
import postern.keys.Keys;
import postern.sql.Database;

/** Deletes a child: it is gone for everybody at once, and its keys are dead. */
public final class DeleteUser {
  private final Database database;
  private final Keys keys;
  private final ChangeLog log;

  public DeleteUser(Database database, Keys keys, ChangeLog log) {
    this.database = database;
    this.keys = keys;
    this.log = log;
  }

  /**
   * Deletes the child; when this returns, its keys are dead on this server.
   *
   * @throws ApiException.Refused with {@code NOT_FOUND} if the caller cannot see the user or it is
   *     deleted already; with {@code USER_UNAUTHORIZED} if a child asks to delete itself; with
   *     {@code PARENT_NOT_DELETABLE} for a top-level user
   */
  public void run(Principal caller, UserId id) {
    Users.requireVisible(caller, id);
    if (!caller.isRoot()) {
      throw new ApiException.Refused(ErrorCode.USER_UNAUTHORIZED);
    }
    if (id.equals(caller.user())) {
      throw new ApiException.Refused(ErrorCode.PARENT_NOT_DELETABLE);
    }
    database.write(
        tx -> {
          User deleted =
              UserStore.delete(tx, caller.root(), id)
                  .orElseThrow(() -> new ApiException.Refused(ErrorCode.NOT_FOUND));
          keys.ownerDeleted(tx, caller.root(), id);
          ContactStore.release(tx, caller.root(), id);
          log.record(tx, caller.root(), List.of(UserFacts.deleted(deleted)));
          return id;
        });
  }
}
