package postern.keys;

import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import postern.cache.ReadCache;
import postern.core.Principal;
import postern.core.UserId;
import postern.sql.Database;

/**
 * Knows who may call with which key, mostly without asking the database. A key that was revoked is
 * dead when the answer to its revocation leaves. Safe for many threads.
 */
public final class VerifiedKeys {
  private final Database database;
  private final ReadCache<KeyDigest, Principal> keys;
  private final BooleanSupplier isCurrent;

  /**
   * Remembers nothing yet.
   *
   * @param entriesMax how many live keys, and how many others, are remembered
   * @param isCurrent whether revocations by other servers are being heard; while they are not,
   *     nothing that is remembered is used
   */
  public VerifiedKeys(Database database, int entriesMax, BooleanSupplier isCurrent) {
    this.database = database;
    this.isCurrent = isCurrent;
    this.keys =
        new ReadCache<>(entriesMax, key -> 1, entriesMax, ReadCache.FOR_EVER, System::nanoTime);
  }

  /**
   * The caller whose live key this is.
   *
   * @param beforeLookUp is run before the database is asked; what it throws is thrown here
   */
  Optional<Principal> find(KeyText key, Runnable beforeLookUp) {
    KeyDigest digest = KeyDigest.of(key);
    if (!isCurrent.getAsBoolean()) {
      forget(List.of(digest));
      beforeLookUp.run();
      return load(key.owner(), digest);
    }
    Optional<Principal> known = keys.known(digest);
    if (known != null) {
      return known;
    }
    beforeLookUp.run();
    return keys.read(digest, () -> load(key.owner(), digest));
  }

  /** Drops what is remembered of some keys, and what is being loaded. */
  void forget(List<KeyDigest> digests) {
    keys.forget(digests);
  }

  /** Drops everything: for when revocations may have been missed. */
  public void forgetAll() {
    keys.forgetAll();
  }

  /** Acts on a revocation that another server announced. */
  public void heard(String announced) {
    KeyDigest.parseHex(announced).ifPresent(digest -> forget(List.of(digest)));
  }

  private Optional<Principal> load(UserId owner, KeyDigest digest) {
    return database.read(tx -> KeyStore.findLive(tx, owner, digest));
  }
}
