package postern.keys;

import postern.core.ApiException;
import postern.core.ErrorCode;
import postern.core.KeyId;
import postern.core.Principal;
import postern.sql.Tx;

/** Which keys a caller may manage: its own, and a parent also those of its children. */
final class OwnKeys {
  private OwnKeys() {}

  static ApiKey find(Tx tx, KeyStore store, Principal caller, KeyId id) {
    return store
        .findForUpdate(tx, caller.root(), id)
        .filter(key -> caller.isRoot() || key.user().equals(caller.user()))
        .orElseThrow(() -> new ApiException.Refused(ErrorCode.NOT_FOUND));
  }
}
