package postern.keys;

import java.util.List;
import postern.core.ApiException;
import postern.core.ErrorCode;
import postern.core.KeyId;
import postern.core.Principal;
import postern.journal.ChangeLog;
import postern.sql.Database;

/** Enables or disables a key. Doing what is done already changes nothing and succeeds. */
public final class SwitchKey {
  private final Database database;
  private final Keys keys;
  private final ChangeLog log;

  public SwitchKey(Database database, Keys keys, ChangeLog log) {
    this.database = database;
    this.keys = keys;
    this.log = log;
  }

  /**
   * Switches the key; when this returns, a disabled key is dead on this server.
   *
   * @throws ApiException.Refused with {@code NOT_FOUND} unless the key is the caller's or, for a
   *     parent, of its family
   */
  public ApiKey run(Principal caller, KeyId id, boolean active) {
    return database.write(
        tx -> {
          ApiKey key = OwnKeys.find(tx, keys.store(), caller, id);
          KeyDigest digest =
              KeyStore.setActive(tx, key, caller.root(), active)
                  .orElseThrow(() -> new ApiException.Refused(ErrorCode.NOT_FOUND));
          keys.changed(tx, List.of(digest));
          ApiKey after = key.active(active);
          if (key.active() != active) {
            log.record(tx, caller.root(), List.of(KeyFacts.switched(key, after)));
          }
          return after;
        });
  }
}
