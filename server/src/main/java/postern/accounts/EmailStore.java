package postern.accounts;

import java.text.Normalizer;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import postern.core.ApiException;
import postern.core.ErrorCode;
import postern.core.UserId;
import postern.sql.Tx;

/** The SQL of {@code user_emails}: an address belongs to one user of the whole server. */
final class EmailStore {
  private EmailStore() {}

  /**
   * Takes an address for a user, instead of the one it had.
   *
   * @param email null to have none from now on
   * @throws ApiException.Invalid if it is another user's, naming {@code field}
   */
  static void replace(Tx tx, UserId root, UserId user, @Nullable String email, String field) {
    release(tx, root, List.of(user));
    if (email == null) {
      return;
    }
    int inserted =
        tx.execute(
            """
            insert into user_emails (email, root_id, user_id)
            values (?, ?, ?)
            on conflict do nothing
            """,
            normalised(email),
            root.uuid(),
            user.uuid());
    if (inserted == 0) {
      throw new ApiException.Invalid(ErrorCode.EMAIL_TAKEN, field, "is already in use");
    }
  }

  static void release(Tx tx, UserId root, List<UserId> users) {
    tx.execute(
        "delete from user_emails where root_id = ? and user_id = any(?::uuid[])",
        root.uuid(),
        users.stream().map(UserId::uuid).toArray(java.util.UUID[]::new));
  }

  /** The form in which two spellings of one address are the same. */
  static String normalised(String email) {
    return Normalizer.normalize(email, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
  }
}
