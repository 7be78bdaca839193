package postern.accounts;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import postern.core.ApiException;
import postern.core.ErrorCode;
import postern.core.UserId;
import postern.people.EmailKey;
import postern.sql.Tx;

/** The SQL of {@code user_contacts}: what belongs to one user of the whole server. */
final class ContactStore {
  /** What a user is reached by. */
  enum Kind {
    EMAIL("email", ErrorCode.EMAIL_TAKEN),
    PHONE_NUMBER("phone_number", ErrorCode.PHONE_NUMBER_TAKEN);

    private final String column;
    private final ErrorCode taken;

    Kind(String column, ErrorCode taken) {
      this.column = column;
      this.taken = taken;
    }

    /** The form in which two spellings of the same are equal. */
    String normalised(String value) {
      String plain = EmailKey.of(value);
      String digits = plain.replaceAll("[^+\\p{Alnum}]", "");
      return this == EMAIL || digits.isEmpty() ? plain : digits;
    }
  }

  private ContactStore() {}

  /** The family whose top-level user has an e-mail address. */
  static Optional<UserId> accountWith(Tx tx, String email) {
    return tx.one(
        "select root_id from user_contacts where kind = ? and value = ? and user_id = root_id",
        row -> new UserId(row.uuid("root_id")),
        Kind.EMAIL.column,
        Kind.EMAIL.normalised(email));
  }

  /**
   * Takes an address or a number for a user, instead of the one it had.
   *
   * @param value null to have none from now on
   * @throws ApiException.Invalid if it is another user's, naming {@code field}
   */
  static void replace(
      Tx tx, UserId root, UserId user, Kind kind, @Nullable String value, String field) {
    tx.execute(
        "delete from user_contacts where root_id = ? and user_id = ? and kind = ?",
        root.uuid(),
        user.uuid(),
        kind.column);
    if (value != null) {
      take(tx, root, user, kind, value, field);
    }
  }

  /** Takes an address or a number for a user that has none yet; otherwise as {@code replace}. */
  static void take(Tx tx, UserId root, UserId user, Kind kind, String value, String field) {
    int inserted =
        tx.execute(
            """
            insert into user_contacts (kind, value, root_id, user_id)
            values (?, ?, ?, ?)
            on conflict do nothing
            """,
            kind.column,
            kind.normalised(value),
            root.uuid(),
            user.uuid());
    if (inserted == 0) {
      throw new ApiException.Invalid(kind.taken, field, "is already in use");
    }
  }

  /** Whether an address or a number is some user's. */
  static boolean isTaken(Tx tx, Kind kind, String value) {
    return tx.one(
            "select value from user_contacts where kind = ? and value = ?",
            row -> true,
            kind.column,
            kind.normalised(value))
        .isPresent();
  }

  static void release(Tx tx, UserId root, List<UserId> users) {
    tx.execute(
        "delete from user_contacts where root_id = ? and user_id = any(?::uuid[])",
        root.uuid(),
        users.stream().map(UserId::uuid).toArray(UUID[]::new));
  }
}
