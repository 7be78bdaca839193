package postern.keys;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import postern.core.ApiException;
import postern.core.KeyId;
import postern.core.Principal;
import postern.journal.ChangeLog;
import postern.sql.Database;

/** Gives a key a name for people: which program has it, who asked for it. */
public final class RenameKey {
  /** How long a name can be, in characters. */
  public static final int NAME_LENGTH_MAX = 100;

  private final Database database;
  private final Keys keys;
  private final ChangeLog log;

  public RenameKey(Database database, Keys keys, ChangeLog log) {
    this.database = database;
    this.keys = keys;
    this.log = log;
  }

  /**
   * Names the key.
   *
   * @param name empty for no name
   * @throws ApiException.Refused with {@code NOT_FOUND} unless the key is the caller's or, for a
   *     parent, of its family
   */
  public ApiKey run(Principal caller, KeyId id, Optional<String> name) {
    return database.write(
        tx -> {
          ApiKey key = OwnKeys.find(tx, keys.store(), caller, id);
          ApiKey after = key.named(name.orElse(null));
          if (!Objects.equals(key.name(), after.name())) {
            KeyStore.rename(tx, key, caller.root(), after.name());
            log.record(tx, caller.root(), List.of(KeyFacts.renamed(key, after)));
          }
          return after;
        });
  }
}
