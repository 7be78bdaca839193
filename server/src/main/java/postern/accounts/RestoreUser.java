package postern.accounts;

import java.time.Duration;
import java.util.List;
import postern.core.ApiException;
import postern.core.ErrorCode;
import postern.core.Principal;
import postern.core.UserId;
import postern.journal.ChangeLog;
import postern.keys.Keys;
import postern.sql.Database;

/** Brings a deleted child back, with its keys as they were. */
public final class RestoreUser {
  private final Database database;
  private final Keys keys;
  private final ChangeLog log;
  private final Duration window;

  public RestoreUser(Database database, Keys keys, ChangeLog log, Duration window) {
    this.database = database;
    this.keys = keys;
    this.log = log;
    this.window = window;
  }

  /**
   * Restores the child. One that lives already is answered as it is, so that a request whose answer
   * was lost can be repeated.
   *
   * @throws ApiException.Refused with {@code NOT_FOUND} if the caller is not the parent, or the
   *     restore window is over
   * @throws ApiException.Invalid if another child has taken its address or number meanwhile
   */
  public User run(Principal caller, UserId id) {
    if (!caller.isRoot() || id.equals(caller.user())) {
      throw new ApiException.Refused(ErrorCode.NOT_FOUND);
    }
    return database.write(
        tx ->
            UserStore.restore(tx, caller.root(), id, tx.now().minus(window))
                .map(
                    user -> {
                      ContactStore.reclaim(tx, caller.root(), id);
                      keys.ownerRestored(tx, caller.root(), id);
                      log.record(tx, caller.root(), List.of(UserFacts.restored(user)));
                      return user;
                    })
                .or(() -> UserStore.find(tx, caller.root(), id))
                .orElseThrow(() -> new ApiException.Refused(ErrorCode.NOT_FOUND)));
  }
}
