package postern.accounts;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import postern.billing.Wallet;
import postern.billing.Wallets;
import postern.core.ApiException;
import postern.core.ErrorCode;
import postern.core.Principal;
import postern.core.UserId;
import postern.sql.Batches;
import postern.sql.Database;
import postern.sql.Tx;

/** The reads of users. What a caller may not see does not exist for it. Safe for many threads. */
public final class Users {
  /** A user and, for a top-level one, its wallet. */
  public record UserWithWallet(User user, Optional<Wallet> wallet) {}

  private final Database database;
  private final Batches batches;
  private final Wallets wallets;
  private final Duration restoreWindow;

  /**
   * Makes the reads of users.
   *
   * @param restoreWindow how long after its deletion a child is listed as one to restore
   */
  public Users(Database database, Wallets wallets, Duration restoreWindow) {
    this.database = database;
    this.batches = new Batches(database);
    this.wallets = wallets;
    this.restoreWindow = restoreWindow;
  }

  /**
   * A user as the caller may see it: itself and, for a parent, its children.
   *
   * @throws ApiException.Refused with {@code NOT_FOUND} otherwise
   */
  public UserWithWallet get(Principal caller, UserId id) {
    return find(caller, id).orElseThrow(() -> new ApiException.Refused(ErrorCode.NOT_FOUND));
  }

  /**
   * As {@link #get}; empty where nobody lives of that id.
   *
   * @throws ApiException.Refused with {@code NOT_FOUND} for an id that the caller cannot see, be
   *     there such a user or not
   */
  public Optional<UserWithWallet> find(Principal caller, UserId id) {
    requireVisible(caller, id);
    return database.read(
        tx ->
            UserStore.find(tx, caller.root(), id)
                .map(
                    user ->
                        new UserWithWallet(
                            user,
                            user.isRoot() ? wallets.find(tx, user.root()) : Optional.empty())));
  }

  /**
   * One page of the caller's children. A cursor may be any user that the family ever had.
   *
   * @throws ApiException.Invalid for a cursor that is none of these
   */
  public ChildList children(Principal caller, ChildQuery query) {
    return database.read(
        tx -> {
          ChildPage page =
              ChildPage.of(
                  query,
                  (field, id) -> position(tx, caller, field, id),
                  query.deleted() ? Optional.of(tx.now().minus(restoreWindow)) : Optional.empty());
          if (!caller.isRoot()) {
            // A child has none, and its siblings are not for it to see.
            return new ChildList(List.of(), false);
          }
          List<User> found = UserStore.children(tx, caller.root(), page);
          boolean hasMore = found.size() > query.size();
          return new ChildList(hasMore ? found.subList(0, query.size()) : found, hasMore);
        });
  }

  /**
   * The caller's living children whose name or e-mail address begins with a text, whatever the
   * case, or whose id it is; the newest first. Of more than 1,000 matches the first by name, and
   * the first by address, are shown.
   *
   * @param before only those created before this child
   */
  public ChildList search(Principal caller, String text, Optional<UserId> before, int size) {
    if (!caller.isRoot()) {
      return new ChildList(List.of(), false);
    }
    Optional<UserId> id = UserId.parse(text.strip());
    return database.read(
        tx -> {
          if (id.isPresent()) {
            return new ChildList(
                UserStore.find(tx, caller.root(), id.get()).stream()
                    .filter(user -> !user.isRoot())
                    .toList(),
                false);
          }
          Position end =
              before
                  .flatMap(cursor -> UserStore.position(tx, caller.root(), cursor))
                  .orElse(Position.LAST);
          List<User> found = UserStore.search(tx, caller.root(), text, end, size + 1);
          return new ChildList(found.subList(0, Math.min(size, found.size())), found.size() > size);
        });
  }

  /** How many living children the caller has; of more than {@code max} only that there are. */
  public int countChildren(Principal caller, int max) {
    return caller.isRoot()
        ? database.read(tx -> UserStore.countChildren(tx, caller.root(), max))
        : 0;
  }

  /**
   * Goes through all living children of a family, oldest first, some hundred at a time: in constant
   * memory, and without holding a connection while a slow reader takes them.
   */
  public void forEachBatchOfChildren(UserId root, Consumer<List<User>> action) {
    batches.forEach(
        (tx, last, limit) ->
            UserStore.liveChildren(tx, root, last.map(Position::of).orElse(Position.FIRST), limit),
        action);
  }

  /** Ends the request unless the user lives; if it does, it lives until the transaction ends. */
  public void requireLive(Tx tx, UserId root, UserId user) {
    if (!UserStore.isLive(tx, root, user)) {
      throw new ApiException.Refused(ErrorCode.NOT_FOUND);
    }
  }

  Batches batches() {
    return batches;
  }

  /** The living user, if the caller can see it; ends the request otherwise. */
  static User find(Tx tx, Principal caller, UserId id) {
    requireVisible(caller, id);
    return UserStore.find(tx, caller.root(), id)
        .orElseThrow(() -> new ApiException.Refused(ErrorCode.NOT_FOUND));
  }

  /** As {@code find}; the user is kept as it is until the transaction ends. */
  static User findForUpdate(Tx tx, Principal caller, UserId id) {
    requireVisible(caller, id);
    return UserStore.findForUpdate(tx, caller.root(), id)
        .orElseThrow(() -> new ApiException.Refused(ErrorCode.NOT_FOUND));
  }

  /** Ends the request for an id that the caller cannot see, be there such a user or not. */
  public static void requireVisible(Principal caller, UserId id) {
    if (!caller.isRoot() && !id.equals(caller.user())) {
      throw new ApiException.Refused(ErrorCode.NOT_FOUND);
    }
  }

  private static Position position(Tx tx, Principal caller, String field, UserId id) {
    return Optional.of(id)
        .filter(cursor -> caller.isRoot() || cursor.equals(caller.user()))
        .flatMap(cursor -> UserStore.position(tx, caller.root(), cursor))
        .orElseThrow(
            () ->
                new ApiException.Invalid(
                    ErrorCode.PARAMETER_INVALID_TYPE, field, "expected the ID of a child user"));
  }
}
