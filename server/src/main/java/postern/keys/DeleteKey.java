package postern.keys;

import java.util.List;
import postern.core.ApiException;
import postern.core.ErrorCode;
import postern.core.KeyId;
import postern.core.Principal;
import postern.journal.ChangeLog;
import postern.sql.Database;

/** Deletes a key for good. */
public final class DeleteKey {
  private final Database database;
  private final Keys keys;
  private final ChangeLog log;

  public DeleteKey(Database database, Keys keys, ChangeLog log) {
    this.database = database;
    this.keys = keys;
    this.log = log;
  }

  /**
   * Deletes the key; when this returns, it is dead on this server.
   *
   * @throws ApiException.Refused with {@code NOT_FOUND} unless the key is the caller's or, for a
   *     parent, of its family
   */
  public void run(Principal caller, KeyId id) {
    database.write(
        tx -> {
          ApiKey key = OwnKeys.find(tx, keys.store(), caller, id);
          KeyDigest digest =
              KeyStore.delete(tx, key, caller.root())
                  .orElseThrow(() -> new ApiException.Refused(ErrorCode.NOT_FOUND));
          keys.changed(tx, List.of(digest));
          log.record(tx, caller.root(), List.of(KeyFacts.deleted(key)));
          return digest;
        });
  }
}
