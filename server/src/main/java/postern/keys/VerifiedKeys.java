package postern.keys;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import postern.core.Principal;
import postern.core.UserId;
import postern.sql.Database;

/**
 * Knows who may call with which key, mostly without asking the database. Safe for many threads.
 *
 * <p>A key that was revoked must be dead when the answer to its revocation leaves. So a load of a
 * digest runs inside the computation of its entry in {@link #dead}, which {@link #forget} waits
 * for: whoever loads before the commit is forgotten after it, whoever loads later sees it.
 */
public final class VerifiedKeys {
  private final Database database;
  private final Cache<KeyDigest, Principal> live;
  private final Cache<KeyDigest, Boolean> dead;
  private final BooleanSupplier isCurrent;

  /**
   * @param entriesMax how many live keys, and how many others, are remembered
   * @param isCurrent whether revocations by other servers are being heard; while they are not,
   *     nothing that is remembered is used
   */
  public VerifiedKeys(Database database, int entriesMax, BooleanSupplier isCurrent) {
    this.database = database;
    this.isCurrent = isCurrent;
    // Two caches: a flood of invented keys pushes no live key out.
    this.live = Caffeine.newBuilder().maximumSize(entriesMax).build();
    this.dead = Caffeine.newBuilder().maximumSize(entriesMax).build();
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
    Principal known = live.getIfPresent(digest);
    if (known != null) {
      return Optional.of(known);
    }
    AtomicReference<@Nullable Principal> found = new AtomicReference<>();
    Boolean isDead =
        dead.get(
            digest,
            d -> {
              beforeLookUp.run();
              Optional<Principal> loaded = load(key.owner(), d);
              loaded.ifPresent(principal -> live.put(d, principal));
              found.set(loaded.orElse(null));
              return loaded.isPresent() ? null : true;
            });
    return isDead == null ? Optional.ofNullable(found.get()) : Optional.empty();
  }

  /** Drops what is remembered of some keys. */
  void forget(List<KeyDigest> digests) {
    dead.invalidateAll(digests);
    live.invalidateAll(digests);
  }

  /** Drops everything: for when revocations may have been missed. */
  public void forgetAll() {
    dead.invalidateAll();
    live.invalidateAll();
  }

  /** Acts on a revocation that another server announced. */
  public void heard(String announced) {
    KeyDigest.parseHex(announced).ifPresent(digest -> forget(List.of(digest)));
  }

  private Optional<Principal> load(UserId owner, KeyDigest digest) {
    return database.read(tx -> KeyStore.findLive(tx, owner, digest));
  }
}
