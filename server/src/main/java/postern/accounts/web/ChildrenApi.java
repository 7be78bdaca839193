package postern.accounts.web;

import java.util.List;
import java.util.Optional;
import postern.accounts.ChildQuery;
import postern.accounts.Users;
import postern.core.Checks;
import postern.core.UserId;
import postern.http.Access;
import postern.http.Answer;
import postern.http.Call;
import postern.http.Params;
import postern.http.Route;
import postern.http.RouteClass;

/**
 * The two lists of children. EasyPost's own is {@code /v2/users/children}, oldest first; {@code
 * /v2/users/{id}/children}, newest first, is the one that its guide describes.
 */
public final class ChildrenApi {
  private final Users users;
  private final UserViews views;

  public ChildrenApi(Users users, UserViews views) {
    this.users = users;
    this.views = views;
  }

  public List<Route> routes() {
    Access access = Access.PRODUCTION_KEY;
    Route children =
        new Route("GET", "/v2/users/children", access, this::list).as(RouteClass.INDEX);
    return List.of(
        children,
        children.at("/beta/users/children"),
        new Route("GET", "/v2/users/{id}/children", access, this::listOf).as(RouteClass.INDEX));
  }

  private Answer listOf(Call call) {
    UserId of = Caller.userIn(call);
    users.get(call.caller(), of);
    ChildQuery query = queryIn(call.params(), false);
    // A child has no children of its own.
    boolean isParent = of.equals(call.caller().root());
    return answer(
        call, query, isParent ? views.children(call.caller(), query) : UserViews.NO_CHILDREN);
  }

  private Answer list(Call call) {
    ChildQuery query = queryIn(call.params(), true);
    return answer(call, query, views.children(call.caller(), query));
  }

  private static Answer answer(Call call, ChildQuery query, UserViews.Page page) {
    Answer answer = Answer.bytes(200, Answer.JSON, page.json());
    page.last()
        .ifPresent(
            last -> answer.header("Link", "<" + nextOf(call, query, last) + ">; rel=\"next\""));
    return answer;
  }

  /** The walk goes on behind the last record; the other end of a window stays where it is. */
  private static String nextOf(Call call, ChildQuery query, UserId last) {
    StringBuilder next = new StringBuilder(call.path()).append("?page_size=").append(query.size());
    Optional<UserId> after = query.isAscending() ? Optional.of(last) : query.afterId();
    Optional<UserId> before = query.isAscending() ? query.beforeId() : Optional.of(last);
    after.ifPresent(id -> next.append("&after_id=").append(id));
    before.ifPresent(id -> next.append("&before_id=").append(id));
    if (query.deleted()) {
      next.append("&deleted=true");
    }
    return next.toString();
  }

  private static ChildQuery queryIn(Params given, boolean ascending) {
    Checks checks = new Checks();
    int size = checks.pageSize(given.get("page_size"));
    Optional<UserId> after = cursor(checks, given, "after_id");
    Optional<UserId> before = cursor(checks, given, "before_id");
    boolean deleted = "true".equals(String.valueOf(given.get("deleted")));
    checks.throwIfAny();
    return new ChildQuery(after, before, ascending, size, deleted);
  }

  static Optional<UserId> cursor(Checks checks, Params given, String name) {
    Object value = given.get(name);
    if (value == null) {
      return Optional.empty();
    }
    Optional<UserId> id = value instanceof String text ? UserId.parse(text) : Optional.empty();
    if (id.isEmpty()) {
      checks.wrongType(name, "expected the ID of a child user");
    }
    return id;
  }
}
