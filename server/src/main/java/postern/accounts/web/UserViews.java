package postern.accounts.web;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import postern.accounts.ChildList;
import postern.accounts.ChildQuery;
import postern.accounts.Users;
import postern.accounts.Users.UserWithWallet;
import postern.cache.ReadCache;
import postern.core.ApiException;
import postern.core.ErrorCode;
import postern.core.Principal;
import postern.core.UserId;
import postern.journal.ChangeLog;
import postern.json.Json;
import postern.sql.Database;
import postern.sql.Tx;

/**
 * The views of single users, as they go over the wire, remembered for less than a second. On this
 * server a view is never older than the last change that was answered here; what another server
 * changes shows within a second, whether or not the two can hear each other. Safe for many threads.
 */
public final class UserViews implements ChangeLog {
  /** Both the family and the user are named: what one family may not see, it cannot find here. */
  private record Key(UserId root, UserId id) {}

  /** A view; without its text where it is too long to be remembered. */
  private record View(Optional<byte[]> json) {
    int weightBytes() {
      return OVERHEAD_BYTES + json.map(bytes -> bytes.length).orElse(0);
    }
  }

  /** A second, less what it may take until the answer is on its way. */
  private static final Duration AGE_MAX = Duration.ofMillis(900);

  /** A parent with more of them is read and written piece by piece. */
  private static final int CHILDREN_MAX = 100;

  private static final int OVERHEAD_BYTES = 256;

  private final Database database;
  private final Users users;
  private final boolean isForgetful;
  private final ReadCache<Key, View> views;

  /**
   * Remembers nothing yet.
   *
   * @param rememberedBytesMax how many bytes of views are remembered, and a 256th as many users
   *     that are not there; 0 has each view read anew
   */
  public UserViews(Database database, Users users, long rememberedBytesMax) {
    this.database = database;
    this.users = users;
    this.isForgetful = rememberedBytesMax == 0;
    this.views =
        new ReadCache<>(
            rememberedBytesMax,
            View::weightBytes,
            rememberedBytesMax / OVERHEAD_BYTES,
            AGE_MAX,
            System::nanoTime);
  }

  /**
   * The view of a user that the caller can see; empty where it is too long to be remembered.
   *
   * @throws ApiException.Refused with {@code NOT_FOUND} for any other
   */
  public Optional<byte[]> find(Principal caller, UserId id) {
    Users.requireVisible(caller, id);
    // A unit of work may have changed what nobody else can see yet.
    if (isForgetful || database.isInUnit()) {
      return read(caller, id).orElseThrow(UserViews::notFound).json();
    }
    Key key = new Key(caller.root(), id);
    Optional<View> known = views.known(key);
    if (known == null) {
      known = views.read(key, () -> read(caller, id));
    }
    return known.orElseThrow(UserViews::notFound).json();
  }

  private static ApiException notFound() {
    return new ApiException.Refused(ErrorCode.NOT_FOUND);
  }

  private Optional<View> read(Principal caller, UserId id) {
    return users.find(caller, id).map(found -> viewOf(caller, found));
  }

  private View viewOf(Principal caller, UserWithWallet found) {
    if (!found.user().isRoot()) {
      return new View(Optional.of(Json.bytes(out -> ChildJson.write(out, found.user()))));
    }
    ChildList children =
        users.children(
            caller, new ChildQuery(Optional.empty(), Optional.empty(), true, CHILDREN_MAX, false));
    return children.hasMore()
        ? new View(Optional.empty())
        : new View(
            Optional.of(
                Json.bytes(
                    out ->
                        UserJson.write(
                            out,
                            found,
                            array -> UserJson.writeChildren(array, children.children())))));
  }

  /** Forgets the views that changes are about, and those of the families' parents. */
  @Override
  public void record(Tx tx, List<Entry> changes) {
    List<Key> stale = new ArrayList<>(changes.size() * 2);
    for (Entry change : changes) {
      stale.add(new Key(change.root(), change.root()));
      stale.add(new Key(change.root(), change.change().user()));
    }
    List<Key> distinct = stale.stream().distinct().toList();
    tx.afterCommit(() -> views.forget(distinct));
  }
}
