package postern.accounts;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import postern.core.UserId;
import postern.sql.Tx;

/** The SQL of passwords: their hashes, and how often a wrong one was given. */
final class PasswordStore {
  /** What a guess found: the hash to check it against, and how the user's guesses stand. */
  record Attempt(Optional<String> hash, int failures, Instant since) {}

  private PasswordStore() {}

  static void set(Tx tx, UserId root, UserId user, String hash) {
    tx.execute(
        """
        update users
        set password_hash = ?, password_failures = 0, password_failures_since = null
        where root_id = ? and id = ?
        """,
        hash,
        root.uuid(),
        user.uuid());
  }

  /**
   * Counts one guess as a failure before it is checked, so that guesses made at the same time are
   * all counted. A window that is over begins anew.
   */
  static Optional<Attempt> begin(Tx tx, UserId root, UserId user, Duration window) {
    Instant windowStart = tx.now().minus(window);
    return tx.one(
        """
        update users
        set password_failures =
              case when password_failures_since > ? then password_failures + 1 else 1 end,
            password_failures_since =
              case when password_failures_since > ? then password_failures_since else ? end
        where root_id = ? and id = ? and deleted_at is null
        returning password_hash, password_failures, password_failures_since
        """,
        row ->
            new Attempt(
                row.textIfAny("password_hash"),
                row.integer("password_failures"),
                row.time("password_failures_since")),
        windowStart,
        windowStart,
        tx.now(),
        root.uuid(),
        user.uuid());
  }

  static Optional<String> hash(Tx tx, UserId root, UserId user) {
    return tx.one(
            "select password_hash from users where root_id = ? and id = ?",
            row -> row.textIfAny("password_hash"),
            root.uuid(),
            user.uuid())
        .flatMap(hash -> hash);
  }

  /** Forgets the failures of a user that has shown the right password. */
  static void succeeded(Tx tx, UserId root, UserId user) {
    tx.execute(
        """
        update users
        set password_failures = 0, password_failures_since = null
        where root_id = ? and id = ?
        """,
        root.uuid(),
        user.uuid());
  }
}
