package postern.accounts.web;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.Supplier;
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
 * The views of single users and the first pages of their children, as they go over the wire,
 * remembered for less than a second. On this server a view is never older than the last change that
 * was answered here; what another server changes shows within a second, whether or not the two can
 * hear each other. Safe for many threads.
 */
public final class UserViews implements ChangeLog {
  /**
   * One page of children.
   *
   * @param last where the next page goes on; empty where there is none
   */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  public record Page(byte[] json, Optional<UserId> last) {}

  /** The only page of those who have none. */
  static final Page NO_CHILDREN = pageOf(new ChildList(List.of(), false));

  /** The family is always named: what one family may not see, it cannot find here. */
  private sealed interface Key {}

  private record OfUser(UserId root, UserId id) implements Key {}

  /**
   * The beginning of a family's list of children.
   *
   * @param changes how often the family had changed when it was asked for: after a change nobody
   *     asks for what was read before it
   */
  private record OfFirstPage(UserId root, long changes, int size, boolean isAscending)
      implements Key {}

  /**
   * A view.
   *
   * @param json empty where it is too long to be remembered
   * @param last as in {@link Page}
   */
  private record View(Optional<byte[]> json, Optional<UserId> last) {
    static View of(byte[] json) {
      return new View(Optional.of(json), Optional.empty());
    }

    int weightBytes() {
      return OVERHEAD_BYTES + json.map(bytes -> bytes.length).orElse(0);
    }
  }

  /** A second, less what it may take until the answer is on its way. */
  private static final Duration AGE_MAX = Duration.ofMillis(900);

  /** A parent with more of them is read and written piece by piece. */
  private static final int CHILDREN_MAX = 100;

  private static final int OVERHEAD_BYTES = 256;

  /** Families share a count: one may be read anew because another has changed. */
  private static final int CHANGE_COUNTS = 4_096;

  private final Database database;
  private final Users users;
  private final boolean isForgetful;
  private final ReadCache<Key, View> views;
  private final AtomicLongArray changeCounts = new AtomicLongArray(CHANGE_COUNTS);

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
    if (isReadAnew()) {
      return read(caller, id).orElseThrow(UserViews::notFound).json();
    }
    return found(new OfUser(caller.root(), id), () -> read(caller, id))
        .orElseThrow(UserViews::notFound)
        .json();
  }

  /**
   * A page of the caller's children. The first one is remembered: it is what is asked for again and
   * again, while a walk comes by each of the others once.
   */
  public Page children(Principal caller, ChildQuery query) {
    if (isReadAnew() || !caller.isRoot() || !query.isFirstPage()) {
      return read(caller, query);
    }
    UserId root = caller.root();
    Key key =
        new OfFirstPage(root, changeCounts.get(countOf(root)), query.size(), query.isAscending());
    View found =
        found(
                key,
                () -> {
                  Page page = read(caller, query);
                  return Optional.of(new View(Optional.of(page.json()), page.last()));
                })
            .orElseThrow();
    return new Page(found.json().orElseThrow(), found.last());
  }

  /** A unit of work may have changed what nobody else can see yet. */
  private boolean isReadAnew() {
    return isForgetful || database.isInUnit();
  }

  private Optional<View> found(Key key, Supplier<Optional<View>> read) {
    Optional<View> known = views.known(key);
    return known == null ? views.read(key, read) : known;
  }

  private static int countOf(UserId root) {
    return Math.floorMod(root.hashCode(), CHANGE_COUNTS);
  }

  private Page read(Principal caller, ChildQuery query) {
    return pageOf(users.children(caller, query));
  }

  private static Page pageOf(ChildList found) {
    byte[] json =
        Json.bytes(
            out -> {
              out.startObject().startArray("children");
              found.children().forEach(child -> ChildListItemJson.write(out, child));
              out.endArray().flag("has_more", found.hasMore()).endObject();
            });
    return new Page(
        json, found.hasMore() ? Optional.of(found.children().getLast().id()) : Optional.empty());
  }

  private static ApiException notFound() {
    return new ApiException.Refused(ErrorCode.NOT_FOUND);
  }

  private Optional<View> read(Principal caller, UserId id) {
    return users.find(caller, id).map(found -> viewOf(caller, found));
  }

  private View viewOf(Principal caller, UserWithWallet found) {
    if (!found.user().isRoot()) {
      return View.of(Json.bytes(out -> ChildJson.write(out, found.user())));
    }
    ChildList children =
        users.children(
            caller, new ChildQuery(Optional.empty(), Optional.empty(), true, CHILDREN_MAX, false));
    return children.hasMore()
        ? new View(Optional.empty(), Optional.empty())
        : View.of(
            Json.bytes(
                out ->
                    UserJson.write(
                        out, found, array -> UserJson.writeChildren(array, children.children()))));
  }

  /** Forgets the views that changes are about, and those of the families' parents. */
  @Override
  public void record(Tx tx, List<Entry> changes) {
    List<Key> stale = new ArrayList<>(changes.size() * 2);
    for (Entry change : changes) {
      stale.add(new OfUser(change.root(), change.root()));
      stale.add(new OfUser(change.root(), change.change().user()));
    }
    List<Key> distinct = stale.stream().distinct().toList();
    List<UserId> roots = changes.stream().map(Entry::root).distinct().toList();
    tx.afterCommit(
        () -> {
          roots.forEach(root -> changeCounts.incrementAndGet(countOf(root)));
          views.forget(distinct);
        });
  }
}
