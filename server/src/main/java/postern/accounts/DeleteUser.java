package postern.accounts;

import postern.core.ApiException;
import postern.core.ErrorCode;
import postern.core.Principal;
import postern.core.UserId;
import postern.keys.Keys;
import postern.sql.Database;

/** Deletes a child: it is gone for everybody at once, and its keys are dead. */
public final class DeleteUser {
  private final Database database;
  private final Keys keys;

  public DeleteUser(Database database, Keys keys) {
    this.database = database;
    this.keys = keys;
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
          if (!UserStore.delete(tx, caller.root(), id)) {
            throw new ApiException.Refused(ErrorCode.NOT_FOUND);
          }
          keys.ownerDeleted(tx, caller.root(), id);
          return id;
        });
  }
}
