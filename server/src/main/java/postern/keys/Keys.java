package postern.keys;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import postern.core.Ids;
import postern.core.KeyId;
import postern.core.Mode;
import postern.core.Principal;
import postern.core.UserId;
import postern.crypto.Sealer;
import postern.sql.Database;
import postern.sql.Tx;

/** What other features do with keys, inside their own transactions. Safe for many threads. */
public final class Keys {
  /** The channel on which dead keys are announced to all servers, by their digests. */
  public static final String CHANNEL = "postern_keys";

  private static final int KEYS_LOOKED_AT = 100;

  private final KeyStore store;
  private final VerifiedKeys verified;
  private final KeyTexts texts;
  private final Ids ids;

  public Keys(Sealer sealer, VerifiedKeys verified, KeyTexts texts, Ids ids) {
    this.store = new KeyStore(sealer);
    this.verified = verified;
    this.texts = texts;
    this.ids = ids;
  }

  /**
   * Makes a test and a production key, in this order, for a user that is to be. They are keys once
   * they are {@link #insert inserted}.
   */
  public List<NewKey> nextPair(UserId root, UserId user, Instant now) {
    return Stream.of(Mode.values()).map(mode -> next(root, user, mode, null, now)).toList();
  }

  /** Writes keys of new users, whatever their families. */
  public void insert(Tx tx, List<NewKey> keys) {
    KeyStore.insert(tx, keys);
  }

  ApiKey issue(Tx tx, UserId root, UserId user, Mode mode, @Nullable String name) {
    NewKey key = next(root, user, mode, name, tx.now());
    insert(tx, List.of(key));
    return key.key();
  }

  /** The keys of some users of a family, oldest first, a test key before a production key. */
  public Map<UserId, List<ApiKey>> of(Tx tx, UserId root, List<UserId> users) {
    Map<UserId, List<ApiKey>> keys = new HashMap<>();
    for (ApiKey key : store.list(tx, root, users)) {
      keys.computeIfAbsent(key.user(), user -> new ArrayList<>(2)).add(key);
    }
    // Here, not in the statement: a user has few keys, a batch of users more than is quickly
    // sorted.
    keys.values().forEach(ofUser -> ofUser.sort(ApiKey.OLDEST_FIRST));
    return keys;
  }

  /** Kills all keys of a user that is being deleted; they are dead when the commit returns. */
  public void ownerDeleted(Tx tx, UserId root, UserId user) {
    changed(tx, KeyStore.setOwnerDeleted(tx, root, user, true));
  }

  /** Brings the keys of a restored user back as they were. */
  public void ownerRestored(Tx tx, UserId root, UserId user) {
    changed(tx, KeyStore.setOwnerDeleted(tx, root, user, false));
  }

  /** Removes all keys of purged users, secrets and all. */
  public void purge(Tx tx, UserId root, List<UserId> users) {
    KeyStore.deleteAll(tx, root, users);
  }

  /**
   * A key that a caller can manage.
   *
   * @throws postern.core.ApiException.Refused with {@code NOT_FOUND} for any other
   */
  public ApiKey find(Tx tx, Principal caller, KeyId id) {
    return OwnKeys.find(tx, store, caller, id);
  }

  /** Of the newest hundred keys of all families, how many the keyset does not open. */
  public long unreadable(Database database) {
    return database.read(tx -> store.unreadable(tx, KEYS_LOOKED_AT));
  }

  KeyStore store() {
    return store;
  }

  /** Has every server forget what it remembers of some keys: this one before the answer leaves. */
  void changed(Tx tx, List<KeyDigest> digests) {
    if (digests.isEmpty()) {
      return;
    }
    tx.announce(CHANNEL, digests.stream().map(KeyDigest::hex).toList());
    tx.afterCommit(() -> verified.forget(digests));
  }

  private NewKey next(UserId root, UserId user, Mode mode, @Nullable String name, Instant now) {
    KeyText text = texts.next(mode, user);
    ApiKey key = new ApiKey(ids.key(now), user, mode, text.reveal(), true, name, now, null);
    return new NewKey(key, root, KeyDigest.of(text), store.seal(text, key.id(), user));
  }
}
