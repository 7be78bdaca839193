package postern.accounts;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import postern.core.ApiException;
import postern.core.ErrorCode;
import postern.core.Principal;
import postern.crypto.Passwords;
import postern.sql.Database;

/** Has a caller show its current password, and stops those who guess. Safe for many threads. */
final class PasswordGuard {
  private static final int FAILURES_MAX = 5;
  private static final Duration WINDOW = Duration.ofMinutes(15);

  private final Database database;
  private final Passwords passwords;

  PasswordGuard(Database database, Passwords passwords) {
    this.database = database;
    this.passwords = passwords;
  }

  /**
   * Returns if the password is right, or if the account has none. The slow check itself holds no
   * connection.
   *
   * @param field the parameter that the password came in, for messages
   * @throws ApiException.Invalid if it is wrong or missing
   * @throws ApiException.RetryLater if five wrong ones were given in fifteen minutes
   */
  void confirm(Principal caller, Optional<String> password, String field) {
    Optional<String> known =
        database.read(tx -> PasswordStore.hash(tx, caller.root(), caller.user()));
    if (known.isEmpty()) {
      return;
    }
    if (password.isEmpty()) {
      throw wrong(field);
    }
    PasswordStore.Attempt attempt = begin(caller);
    if (!passwords.verify(password.get(), attempt.hash().orElse(""))) {
      throw wrong(field);
    }
    database.write(
        tx -> {
          PasswordStore.succeeded(tx, caller.root(), caller.user());
          return attempt;
        });
  }

  private PasswordStore.Attempt begin(Principal caller) {
    return database.write(
        tx -> {
          PasswordStore.Attempt attempt =
              PasswordStore.begin(tx, caller.root(), caller.user(), WINDOW)
                  .orElseThrow(() -> new ApiException.Refused(ErrorCode.NOT_FOUND));
          if (attempt.failures() > FAILURES_MAX) {
            Instant end = attempt.since().plus(WINDOW);
            // Thrown inside the transaction: a guess that is not even looked at is not counted.
            throw new ApiException.RetryLater(
                ErrorCode.RATE_LIMITED, Duration.between(tx.now(), end));
          }
          return attempt;
        });
  }

  private static ApiException wrong(String field) {
    return new ApiException.Invalid(
        ErrorCode.CURRENT_PASSWORD_WRONG, field, "must be the current password");
  }
}
