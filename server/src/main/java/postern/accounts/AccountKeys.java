package postern.accounts;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import postern.core.ApiException;
import postern.core.KeyId;
import postern.core.Principal;
import postern.core.UserId;
import postern.keys.ApiKey;
import postern.keys.Keys;
import postern.sql.Database;

/** The reads of keys together with the users that own them. Safe for many threads. */
public final class AccountKeys {
  private final Database database;
  private final Users users;
  private final Keys keys;

  public AccountKeys(Database database, Users users, Keys keys) {
    this.database = database;
    this.users = users;
    this.keys = keys;
  }

  /**
   * The keys of a user that the caller can see, oldest first.
   *
   * @throws ApiException.Refused with {@code NOT_FOUND} otherwise
   */
  public List<ApiKey> of(Principal caller, UserId user) {
    return database.read(
        tx -> {
          UserId found = Users.find(tx, caller, user).id();
          return keys.of(tx, caller.root(), List.of(found)).getOrDefault(found, List.of());
        });
  }

  /**
   * A key that the caller can manage.
   *
   * @throws ApiException.Refused with {@code NOT_FOUND} for any other
   */
  public ApiKey get(Principal caller, KeyId id) {
    return database.read(tx -> keys.find(tx, caller, id));
  }

  /**
   * Goes through the keys of all children of the caller, oldest child first, some hundred children
   * at a time; a child without keys is there too.
   */
  public void forEachBatchOfChildren(Principal caller, Consumer<Map<UserId, List<ApiKey>>> action) {
    if (!caller.isRoot()) {
      return;
    }
    users.forEachBatchOfChildren(
        caller.root(),
        batch -> {
          List<UserId> children = batch.stream().map(User::id).toList();
          Map<UserId, List<ApiKey>> found =
              database.read(tx -> keys.of(tx, caller.root(), children));
          Map<UserId, List<ApiKey>> ordered = new LinkedHashMap<>();
          children.forEach(child -> ordered.put(child, found.getOrDefault(child, List.of())));
          action.accept(ordered);
        });
  }

  /** Ends the request for a user that the caller cannot see. */
  public void requireVisible(Principal caller, UserId user) {
    Users.requireVisible(caller, user);
  }
}
