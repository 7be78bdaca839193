package postern.keys;

import static postern.sql.ArrayType.BYTEAS;
import static postern.sql.ArrayType.TEXTS;
import static postern.sql.ArrayType.TIMESTAMPTZS;
import static postern.sql.ArrayType.UUIDS;
import static postern.sql.Columns.column;
import static postern.sql.Columns.row;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import postern.core.Credential;
import postern.core.KeyId;
import postern.core.Mode;
import postern.core.Principal;
import postern.core.UserId;
import postern.crypto.Sealer;
import postern.crypto.UnsealException;
import postern.sql.ArrayType;
import postern.sql.Columns;
import postern.sql.Row;
import postern.sql.Tx;

/** The SQL of {@code api_keys}. */
final class KeyStore {
  private static final List<ArrayType> NEW_KEY =
      List.of(UUIDS, UUIDS, UUIDS, TEXTS, TEXTS, BYTEAS, BYTEAS, TIMESTAMPTZS);

  private final Sealer sealer;

  KeyStore(Sealer sealer) {
    this.sealer = sealer;
  }

  static void insert(Tx tx, List<NewKey> keys) {
    tx.executeLater(
        """
        insert into api_keys (user_id, root_id, id, mode, name, digest, sealed, created_at)
        select user_id, root_id, id, mode, name, digest, sealed, created_at
        from unnest(?::uuid[], ?::uuid[], ?::uuid[], ?::text[], ?::text[], ?::bytea[], ?::bytea[],
            ?::timestamptz[])
          as new (user_id, root_id, id, mode, name, digest, sealed, created_at)
        """,
        Columns.of(
            NEW_KEY,
            keys,
            key ->
                row(
                    key.key().user().uuid(),
                    key.root().uuid(),
                    key.key().id().uuid(),
                    key.key().mode().wireName(),
                    key.key().name(),
                    key.digest().bytes(),
                    key.sealed(),
                    key.key().createdAt())));
  }

  /** Who may call with a key; empty unless the key is live. */
  static Optional<Principal> findLive(Tx tx, UserId owner, KeyDigest digest) {
    return tx.one(
        """
        select user_id, root_id, id, mode
        from api_keys
        where user_id = ? and digest = ? and active and not owner_deleted
        """,
        KeyStore::principal,
        owner.uuid(),
        digest.bytes());
  }

  /** The keys of some users of a family, oldest first, a test key before a production key. */
  List<ApiKey> list(Tx tx, UserId root, List<UserId> users) {
    return tx.list(
        // One look into the primary key for each user. Left to itself the planner, whose statistics
        // lag behind a bulk load, reads the whole table for each batch; "offset 0" keeps it off.
        // The limit takes nothing away: without it the planner expects more users of an array that
        // it does not know than there mostly are, and plans each time anew.
        """
        select k.id, k.user_id, k.mode, k.sealed, k.active, k.name, k.created_at, k.last_used_at
        from (select id from unnest(?::uuid[]) as given (id) limit ?) as owner
        cross join lateral (
          select id, user_id, mode, sealed, active, name, created_at, last_used_at
          from api_keys
          where root_id = ? and user_id = owner.id and not owner_deleted
          offset 0
        ) as k
        """,
        this::apiKey,
        column(users, UUID[]::new, UserId::uuid),
        users.size(),
        root.uuid());
  }

  int count(Tx tx, UserId root, UserId user) {
    return tx.one(
            "select count(*)::int as keys from api_keys where root_id = ? and user_id = ?",
            row -> row.integer("keys"),
            root.uuid(),
            user.uuid())
        .orElse(0);
  }

  /**
   * A key of a family that lives or is disabled, whoever of the family owns it; it is kept as it is
   * until the transaction ends.
   */
  Optional<ApiKey> findForUpdate(Tx tx, UserId root, KeyId id) {
    return tx.one(
        """
        select id, user_id, mode, sealed, active, name, created_at, last_used_at
        from api_keys
        where root_id = ? and id = ? and not owner_deleted
        for update
        """,
        this::apiKey,
        root.uuid(),
        id.uuid());
  }

  static Optional<KeyDigest> setActive(Tx tx, ApiKey key, UserId root, boolean active) {
    return tx.one(
        """
        update api_keys
        set active = ?
        where root_id = ? and user_id = ? and id = ? and not owner_deleted
        returning digest
        """,
        KeyStore::digest,
        active,
        root.uuid(),
        key.user().uuid(),
        key.id().uuid());
  }

  /** Gives a key a name for people, or takes it away. */
  static void rename(Tx tx, ApiKey key, UserId root, @Nullable String name) {
    tx.execute(
        "update api_keys set name = ? where root_id = ? and user_id = ? and id = ?",
        name,
        root.uuid(),
        key.user().uuid(),
        key.id().uuid());
  }

  static Optional<KeyDigest> delete(Tx tx, ApiKey key, UserId root) {
    return tx.one(
        """
        delete from api_keys
        where root_id = ? and user_id = ? and id = ? and not owner_deleted
        returning digest
        """,
        KeyStore::digest,
        root.uuid(),
        key.user().uuid(),
        key.id().uuid());
  }

  static List<KeyDigest> setOwnerDeleted(Tx tx, UserId root, UserId user, boolean deleted) {
    return tx.list(
        """
        update api_keys
        set owner_deleted = ?
        where root_id = ? and user_id = ?
        returning digest
        """,
        KeyStore::digest,
        deleted,
        root.uuid(),
        user.uuid());
  }

  static void deleteAll(Tx tx, UserId root, List<UserId> users) {
    tx.execute(
        "delete from api_keys where root_id = ? and user_id = any(?::uuid[])",
        root.uuid(),
        column(users, UUID[]::new, UserId::uuid));
  }

  /** Notes when keys were last used; a time that is older than the one noted changes nothing. */
  static void touch(Tx tx, Map<Principal, Instant> uses) {
    List<Map.Entry<Principal, Instant>> entries = List.copyOf(uses.entrySet());
    tx.execute(
        """
        update api_keys as k
        set last_used_at = used.at
        from unnest(?::uuid[], ?::uuid[], ?::uuid[], ?::timestamptz[])
          as used (user_id, root_id, id, at)
        where k.user_id = used.user_id and k.root_id = used.root_id and k.id = used.id
          and (k.last_used_at is null or k.last_used_at < used.at)
        """,
        column(entries, UUID[]::new, entry -> entry.getKey().user().uuid()),
        column(entries, UUID[]::new, entry -> entry.getKey().root().uuid()),
        column(entries, UUID[]::new, entry -> keyOf(entry.getKey()).uuid()),
        column(entries, Instant[]::new, Map.Entry::getValue));
  }

  /**
   * Seals anew what another key of the keyset sealed; across families, because an operator asks.
   */
  int reseal(Tx tx, int limit) {
    List<Resealed> resealed =
        tx.list(
            """
            select user_id, id, sealed
            from api_keys
            where substring(sealed from 2 for 4) <> ?
            limit ?
            for update skip locked
            """,
            this::resealed,
            ByteBuffer.allocate(Integer.BYTES).putInt(sealer.primaryKeyId()).array(),
            limit);
    tx.execute(
        """
        update api_keys as k
        set sealed = new.sealed
        from unnest(?::uuid[], ?::uuid[], ?::bytea[]) as new (user_id, id, sealed)
        where k.user_id = new.user_id and k.id = new.id
        """,
        column(resealed, UUID[]::new, row -> row.user().uuid()),
        column(resealed, UUID[]::new, row -> row.id().uuid()),
        column(resealed, byte[][]::new, Resealed::sealed));
    return resealed.size();
  }

  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  private record Resealed(UserId user, KeyId id, byte[] sealed) {}

  private Resealed resealed(Row row) {
    UserId user = new UserId(row.uuid("user_id"));
    KeyId id = new KeyId(row.uuid("id"));
    byte[] bound = sealedFor(id, user);
    return new Resealed(user, id, sealer.seal(sealer.open(row.bytes("sealed"), bound), bound));
  }

  private static KeyId keyOf(Principal caller) {
    return switch (caller.credential()) {
      case Credential.Key(KeyId id) -> id;
      case Credential.Session session ->
          throw new IllegalStateException("no key was used in " + session);
    };
  }

  private static Principal principal(Row row) {
    return new Principal(
        new UserId(row.uuid("user_id")),
        new UserId(row.uuid("root_id")),
        new Credential.Key(new KeyId(row.uuid("id"))),
        Mode.parse(row.text("mode")).orElseThrow());
  }

  private ApiKey apiKey(Row row) {
    KeyId id = new KeyId(row.uuid("id"));
    UserId user = new UserId(row.uuid("user_id"));
    byte[] text = sealer.open(row.bytes("sealed"), sealedFor(id, user));
    return new ApiKey(
        id,
        user,
        Mode.parse(row.text("mode")).orElseThrow(),
        new String(text, StandardCharsets.US_ASCII),
        row.flag("active"),
        row.textIfAny("name").orElse(null),
        row.time("created_at"),
        row.timeIfAny("last_used_at").orElse(null));
  }

  private static KeyDigest digest(Row row) {
    return KeyDigest.of(row.bytes("digest"));
  }

  /** A text as it is stored. */
  byte[] seal(KeyText text, KeyId id, UserId user) {
    return sealer.seal(text.bytes(), sealedFor(id, user));
  }

  /** Of some of the newest keys of all families, how many do not open. */
  long unreadable(Tx tx, int sample) {
    return tx
        .list(
            """
            select user_id, id, sealed
            from api_keys
            order by created_at desc
            limit ?
            """,
            this::isReadable,
            sample)
        .stream()
        .filter(isReadable -> !isReadable)
        .count();
  }

  private boolean isReadable(Row row) {
    try {
      var _ =
          sealer.open(
              row.bytes("sealed"),
              sealedFor(new KeyId(row.uuid("id")), new UserId(row.uuid("user_id"))));
      return true;
    } catch (UnsealException e) {
      return false;
    }
  }

  /** Ties a sealed text to its row: copied into another row it does not open. */
  private static byte[] sealedFor(KeyId id, UserId user) {
    return ByteBuffer.allocate(32)
        .putLong(id.uuid().getMostSignificantBits())
        .putLong(id.uuid().getLeastSignificantBits())
        .putLong(user.uuid().getMostSignificantBits())
        .putLong(user.uuid().getLeastSignificantBits())
        .array();
  }
}
