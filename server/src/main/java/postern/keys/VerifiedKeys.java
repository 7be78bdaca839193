package postern.keys;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.BooleanSupplier;
import postern.core.Principal;
import postern.core.UserId;
import postern.sql.Database;

/**
 * Knows who may call with which key, mostly without asking the database. Safe for many threads.
 *
 * <p>A key that was revoked must be dead when the answer to its revocation leaves. So what a load
 * has found is remembered only while the load is still known as the one of its digest, and {@link
 * #forget} makes it unknown: whoever loads before the commit is forgotten after it, whoever loads
 * later sees it. Who wants a key that is being loaded shares the load, and its failure.
 */
public final class VerifiedKeys {
  /** One look-up that is under way. */
  private static final class Load {
    private final CompletableFuture<Optional<Principal>> result = new CompletableFuture<>();
  }

  private final Database database;
  private final Cache<KeyDigest, Principal> live;
  private final Cache<KeyDigest, Boolean> dead;
  private final ConcurrentMap<KeyDigest, Load> loads = new ConcurrentHashMap<>();
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
    if (dead.getIfPresent(digest) != null) {
      return Optional.empty();
    }
    beforeLookUp.run();
    Load own = new Load();
    Load other = loads.putIfAbsent(digest, own);
    return other == null ? loadFor(own, key.owner(), digest) : resultOf(other);
  }

  private Optional<Principal> loadFor(Load own, UserId owner, KeyDigest digest) {
    try {
      Optional<Principal> loaded = load(owner, digest);
      loads.computeIfPresent(
          digest,
          (same, current) -> {
            if (current == own) {
              loaded.ifPresentOrElse(
                  principal -> live.put(same, principal), () -> dead.put(same, true));
            }
            return current;
          });
      own.result.complete(loaded);
      return loaded;
    } catch (RuntimeException | Error e) {
      own.result.completeExceptionally(e);
      throw e;
    } finally {
      loads.remove(digest, own);
    }
  }

  private static Optional<Principal> resultOf(Load load) {
    try {
      return load.result.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw e;
    }
  }

  /** Drops what is remembered of some keys, and what is being loaded. */
  void forget(List<KeyDigest> digests) {
    for (KeyDigest digest : digests) {
      loads.compute(
          digest,
          (same, load) -> {
            live.invalidate(same);
            dead.invalidate(same);
            return null;
          });
    }
  }

  /** Drops everything: for when revocations may have been missed. */
  public void forgetAll() {
    forget(List.copyOf(loads.keySet()));
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
