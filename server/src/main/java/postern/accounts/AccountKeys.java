package postern.accounts;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import postern.core.ApiException;
import postern.core.KeyId;
import postern.core.Principal;
import postern.core.UserId;
import postern.keys.ApiKey;
import postern.keys.Keys;
import postern.sql.Database;
import postern.sql.Tx;

/** The reads of keys together with the users that own them. Safe for many threads. */
public final class AccountKeys {
  /** The keys of a child, oldest first. */
  public record OfChild(UserId child, Instant createdAt, List<ApiKey> keys) {
    private static OfChild at(Position place, Map<UserId, List<ApiKey>> keys) {
      UserId child = new UserId(place.id());
      return new OfChild(child, place.createdAt(), keys.getOrDefault(child, List.of()));
    }

    private Position position() {
      return new Position(createdAt, child.uuid());
    }
  }

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
  public void forEachBatchOfChildren(Principal caller, Consumer<List<OfChild>> action) {
    if (caller.isRoot()) {
      users
          .batches()
          .forEach((tx, last, limit) -> ofChildren(tx, caller.root(), last, limit), action);
    }
  }

  private List<OfChild> ofChildren(Tx tx, UserId root, Optional<OfChild> after, int limit) {
    List<Position> children =
        UserStore.livePositions(
            tx, root, after.map(OfChild::position).orElse(Position.FIRST), limit);
    Map<UserId, List<ApiKey>> found =
        keys.of(tx, root, children.stream().map(child -> new UserId(child.id())).toList());
    return children.stream().map(child -> OfChild.at(child, found)).toList();
  }

  /** Ends the request for a user that the caller cannot see. */
  public void requireVisible(Principal caller, UserId user) {
    Users.requireVisible(caller, user);
  }
}
