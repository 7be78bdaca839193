package postern.keys;

import java.util.List;
import java.util.Optional;
import postern.core.ApiException;
import postern.core.ErrorCode;
import postern.core.FieldError;
import postern.core.Mode;
import postern.core.UserId;
import postern.journal.ChangeLog;
import postern.sql.Database;
import postern.sql.Tx;

/** Makes one more key for a user. */
public final class IssueKey {
  /** Makes sure that the owner of a key to be lives, and stays so until the transaction ends. */
  @FunctionalInterface
  public interface OwnerCheck {
    /**
     * Returns if the owner lives.
     *
     * @throws ApiException.Refused with {@code NOT_FOUND} if it does not
     */
    void requireLive(Tx tx, UserId root, UserId user);
  }

  private final Database database;
  private final Keys keys;
  private final OwnerCheck owners;
  private final ChangeLog log;
  private final int keysPerUserMax;

  public IssueKey(
      Database database, Keys keys, OwnerCheck owners, ChangeLog log, int keysPerUserMax) {
    this.database = database;
    this.keys = keys;
    this.owners = owners;
    this.log = log;
    this.keysPerUserMax = keysPerUserMax;
  }

  /**
   * Issues the key. That the caller may manage the user's keys is for the caller of this method to
   * know.
   *
   * @param name what people call it; empty for no name
   * @throws ApiException.Refused with {@code NOT_FOUND} if the user is deleted
   * @throws ApiException.Invalid if the user has as many keys as one may have
   */
  public ApiKey run(UserId root, UserId user, Mode mode, Optional<String> name) {
    return database.write(
        tx -> {
          owners.requireLive(tx, root, user);
          if (keys.store().count(tx, root, user) >= keysPerUserMax) {
            throw new ApiException.Invalid(
                ErrorCode.LIMIT_REACHED,
                List.of(
                    new FieldError(
                        "api_key", "a user has at most " + keysPerUserMax + " keys: delete one")));
          }
          ApiKey key = keys.issue(tx, root, user, mode, name.orElse(null));
          log.record(tx, root, List.of(KeyFacts.created(key)));
          return key;
        });
  }
}
