package postern.idempotency;

import static postern.sql.Columns.column;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import postern.core.UserId;
import postern.sql.Row;
import postern.sql.Tx;

/** The table {@code idempotency_keys}. */
final class IdempotencyStore {
  /**
   * A request, as its sender calls it and as it was sent.
   *
   * @param digest of the key and where it holds
   * @param requestDigest of all that was sent
   */
  @SuppressWarnings("ArrayRecordComponent") // Never compared as a whole.
  record Scope(UserId root, byte[] digest, byte[] requestDigest) {}

  /**
   * What is known of a request.
   *
   * @param claim who works on it, or has
   * @param progress what has been done for good
   * @param answer empty while there is none
   */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  record Known(
      UUID claim, byte[] requestDigest, Optional<String> progress, Optional<Answered> answer) {}

  /** What was answered. */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  record Answered(int status, byte[] sealedBytes) {}

  private IdempotencyStore() {}

  /**
   * Takes a request that nobody has, or that was left by somebody who has not been heard of; empty
   * if somebody else has it or it is answered.
   *
   * @param forgottenBefore older ones are taken as if they had never been
   */
  static Optional<Known> claim(
      Tx tx, Scope scope, UUID claim, Instant until, Instant forgottenBefore) {
    return tx.one(
        """
        insert into idempotency_keys as known
          (root_id, digest, request_digest, claim, claimed_until, created_at)
        values (?, ?, ?, ?, ?, ?)
        on conflict (root_id, digest) do update
        set claim = excluded.claim,
            claimed_until = excluded.claimed_until,
            request_digest = excluded.request_digest,
            progress = case when known.created_at < ? then null else known.progress end,
            status = null,
            sealed_answer = null,
            created_at = case when known.created_at < ? then excluded.created_at
              else known.created_at end
        where known.created_at < ?
          or (known.status is null and known.claimed_until < ?
            and known.request_digest = excluded.request_digest)
        returning claim, request_digest, progress, status, sealed_answer
        """,
        IdempotencyStore::read,
        scope.root().uuid(),
        scope.digest(),
        scope.requestDigest(),
        claim,
        until,
        tx.now(),
        forgottenBefore,
        forgottenBefore,
        forgottenBefore,
        tx.now());
  }

  static Optional<Known> find(Tx tx, Scope scope) {
    return tx.one(
        """
        select claim, request_digest, progress, status, sealed_answer
        from idempotency_keys
        where root_id = ? and digest = ?
        """,
        IdempotencyStore::read,
        scope.root().uuid(),
        scope.digest());
  }

  private static Known read(Row row) {
    return new Known(
        row.uuid("claim"),
        row.bytes("request_digest"),
        row.textIfAny("progress"),
        row.bytesIfAny("sealed_answer").map(bytes -> new Answered(row.integer("status"), bytes)));
  }

  /** Remembers what has been done; whether the claim still holds. */
  static boolean setProgress(Tx tx, Scope scope, UUID claim, String progress) {
    return tx.execute(
            """
            update idempotency_keys set progress = ?
            where root_id = ? and digest = ? and claim = ? and status is null
            """,
            progress,
            scope.root().uuid(),
            scope.digest(),
            claim)
        == 1;
  }

  /** Remembers the answer; whether the claim still held. */
  static boolean finish(Tx tx, Scope scope, UUID claim, int status, byte[] sealedAnswer) {
    return tx.execute(
            """
            update idempotency_keys set status = ?, sealed_answer = ?
            where root_id = ? and digest = ? and claim = ? and status is null
            """,
            status,
            sealedAnswer,
            scope.root().uuid(),
            scope.digest(),
            claim)
        == 1;
  }

  /** Lets the next one begin at once. What has been done for good stays known. */
  static void release(Tx tx, Scope scope, UUID claim) {
    tx.execute(
        """
        update idempotency_keys set claimed_until = ?
        where root_id = ? and digest = ? and claim = ? and status is null
        """,
        Instant.EPOCH,
        scope.root().uuid(),
        scope.digest(),
        claim);
  }

  /** Keeps others away a little longer. */
  static void renew(Tx tx, List<UserId> roots, List<UUID> claims, Instant until) {
    tx.execute(
        """
        update idempotency_keys as known set claimed_until = ?
        from unnest(?::uuid[], ?::uuid[]) as mine (root_id, claim)
        where known.root_id = mine.root_id and known.claim = mine.claim and status is null
        """,
        until,
        column(roots, UUID[]::new, UserId::uuid),
        claims.toArray(UUID[]::new));
  }

  static int purge(Tx tx, Instant before) {
    return tx.execute("delete from idempotency_keys where created_at < ?", before);
  }
}
