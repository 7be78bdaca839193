package postern.keys;

import java.util.List;
import postern.core.ApiException;
import postern.core.ErrorCode;
import postern.core.KeyId;
import postern.core.Principal;
import postern.sql.Database;

/** Deletes a key for good. */
public final class DeleteKey {
  private final Database database;
  private final Keys keys;

  public DeleteKey(Database database, Keys keys) {
    this.database = database;
    this.keys = keys;
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
          return digest;
        });
  }
}
