package postern.dashboard;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import postern.accounts.ChildList;
import postern.accounts.ChildQuery;
import postern.accounts.CreateUsers;
import postern.accounts.UpdateUser;
import postern.accounts.User;
import postern.accounts.UserLimits;
import postern.billing.SpendLimit;
import postern.core.ApiException;
import postern.core.Checks;
import postern.core.ErrorCode;
import postern.core.Principal;
import postern.core.UserId;
import postern.events.EventQuery;
import postern.http.Access;
import postern.http.Answer;
import postern.http.Call;
import postern.http.Params;
import postern.http.Route;
import postern.http.RouteClass;

/** Child users: finding, making and changing them. */
public final class ChildrenPages {
  /**
   * What the list shows.
   *
   * @param older where the next part is; null at the end
   * @param isDeleted whether it is the list of those that can be restored
   */
  public record ChildrenView(
      List<ChildRow> children,
      String search,
      boolean isPart,
      @Nullable String older,
      boolean isDeleted,
      Form form) {}

  /** A child in the list. */
  public record ChildRow(
      String id, String name, String email, Instant createdAt, @Nullable Instant deletedAt) {}

  /** What the page of one child shows. */
  public record ChildView(
      ChildRow child,
      List<KeyRow> keys,
      List<EventRow> events,
      String limit,
      long restoreDays,
      Form form) {}

  private static final int PAGE_SIZE = 50;
  private static final int EVENTS_SHOWN = 10;
  private static final int SEARCH_LENGTH_MAX = 100;
  private static final long LIMIT_DOLLARS_MAX = 1_000_000;

  private final Html html;
  private final Parts parts;

  ChildrenPages(Html html, Parts parts) {
    this.html = html;
    this.parts = parts;
  }

  List<Route> routes() {
    return List.of(
        new Route("GET", "/children", Access.SESSION, call -> list(200, call, Form.EMPTY))
            .as(RouteClass.INDEX),
        new Route("POST", "/children", Access.SESSION, Browser.checked(this::create)),
        new Route("GET", "/children/{id}", Access.SESSION, call -> one(200, call, Form.EMPTY))
            .as(RouteClass.INDEX),
        new Route("POST", "/children/{id}/change", Access.SESSION, Browser.checked(this::change)),
        new Route("POST", "/children/{id}/keys", Access.SESSION, Browser.checked(this::createKey)),
        new Route("POST", "/children/{id}/delete", Access.SESSION, Browser.checked(this::delete)),
        new Route(
            "POST", "/children/{id}/restore", Access.SESSION, Browser.checked(this::restore)));
  }

  private Answer list(int status, Call call, Form form) {
    Params given = call.params();
    Checks checks = new Checks();
    String search = checks.text("q", given.get("q"), SEARCH_LENGTH_MAX).orElse("");
    Optional<UserId> before =
        Optional.ofNullable(given.get("before")).flatMap(id -> UserId.parse(id.toString()));
    boolean isDeleted = "1".equals(given.get("deleted"));
    ChildList found = find(call.caller(), search, before, isDeleted);
    String more = found.hasMore() ? found.children().getLast().id().toString() : null;
    String base = isDeleted ? "/children?deleted=1&" : "/children?";
    ChildrenView view =
        new ChildrenView(
            found.children().stream().map(ChildrenPages::row).toList(),
            search,
            before.isPresent(),
            more == null ? null : base + "q=" + Forms.encoded(search) + "&before=" + more,
            isDeleted,
            form);
    return html.page(status, call, "/children", "Children", "children", view);
  }

  private ChildList find(
      Principal caller, String search, Optional<UserId> before, boolean isDeleted) {
    return search.isEmpty()
        ? parts
            .accounts()
            .users()
            .children(caller, new ChildQuery(Optional.empty(), before, false, PAGE_SIZE, isDeleted))
        : parts.accounts().users().search(caller, search, before, PAGE_SIZE);
  }

  private static ChildRow row(User user) {
    return new ChildRow(
        user.id().toString(),
        user.name(),
        user.email() == null ? "" : user.email(),
        user.createdAt(),
        user.deletedAt());
  }

  private Answer create(Call call) {
    return Forms.submit(
        call,
        List.of("name", "email"),
        () -> {
          Params given = call.params();
          Checks checks = new Checks();
          Optional<String> name = UserLimits.name(checks, "name", given.get("name"));
          Optional<String> email = UserLimits.email(checks, "email", given.get("email"));
          Forms.require(checks, name, "name");
          checks.throwIfAny();
          CreateUsers.Command command = new CreateUsers.Command(name, email, Optional.empty(), "");
          User child = parts.accounts().createUsers().run(call.caller(), command).user();
          return Browser.goTo(Notice.CHILD_CREATED.at("/children/" + child.id()));
        },
        (status, form) -> list(status, call, form));
  }

  private Answer one(int status, Call call, Form form) {
    Principal caller = call.caller();
    User child = find(call);
    SpendLimit limit = child.spendLimit();
    Form shown =
        form.isRefused()
            ? form
            : Form.with(
                Map.of(
                    "name",
                    child.name(),
                    "spend_limit",
                    limit == null ? "" : Shown.typed(limit.limitMicros()),
                    "spend_period",
                    limit == null ? "month" : limit.period().wireName()));
    ChildView view =
        new ChildView(
            row(child),
            parts.keys().accountKeys().of(caller, child.id()).stream().map(KeyRow::of).toList(),
            eventsOf(caller, child.id()),
            limit == null
                ? "no limit"
                : Shown.dollars(limit.limitMicros()) + " a " + limit.period().wireName(),
            parts.setup().restoreWindow().toDays(),
            shown);
    return html.page(status, call, "/children", child.name(), "child", view);
  }

  /** The child that the path names; the account itself is none. */
  private User find(Call call) {
    User found = parts.accounts().users().get(call.caller(), idIn(call)).user();
    if (found.isRoot()) {
      throw new ApiException.Refused(ErrorCode.NOT_FOUND);
    }
    return found;
  }

  private List<EventRow> eventsOf(Principal caller, UserId child) {
    EventQuery query =
        new EventQuery(
            EventQuery.FIRST,
            EventQuery.LAST,
            false,
            Optional.empty(),
            Optional.of(child),
            false,
            EVENTS_SHOWN);
    return parts.events().events().list(caller, query).rows().stream()
        .map(tracked -> EventRow.of(tracked.event()))
        .toList();
  }

  private Answer change(Call call) {
    find(call);
    return Forms.submit(
        call,
        List.of("name", "spend_limit", "spend_period"),
        () -> {
          parts.accounts().updateUser().run(call.caller(), idIn(call), commandIn(call.params()));
          return Browser.goTo(Notice.CHILD_CHANGED.at("/children/" + call.id()));
        },
        (status, form) -> one(status, call, form));
  }

  private Answer createKey(Call call) {
    UserId owner = find(call).id();
    return KeysPages.create(parts, call, owner, (status, form) -> one(status, call, form));
  }

  private static UpdateUser.Command commandIn(Params given) {
    Checks checks = new Checks();
    Optional<String> name = UserLimits.name(checks, "name", given.get("name"));
    Forms.require(checks, name, "name");
    Optional<SpendLimit> limit = limitIn(checks, given);
    checks.throwIfAny();
    return UpdateUser.Command.ofChild(name.orElseThrow(), limit);
  }

  /** An empty field takes the limit away. */
  private static Optional<SpendLimit> limitIn(Checks checks, Params given) {
    Optional<String> text = checks.text("spend_limit", given.get("spend_limit"), SEARCH_LENGTH_MAX);
    Optional<SpendLimit.Period> period =
        SpendLimit.Period.parse(String.valueOf(given.get("spend_period")));
    if (period.isEmpty()) {
      checks.invalid("spend_period", "must be one of day, week, month, year");
    }
    if (text.isEmpty() || period.isEmpty()) {
      return Optional.empty();
    }
    var micros = checks.amount("spend_limit", text.get(), LIMIT_DOLLARS_MAX);
    return micros.isPresent()
        ? Optional.of(new SpendLimit(micros.getAsLong(), period.get()))
        : Optional.empty();
  }

  /** Deletes a child whose name was typed: a press alone could be a slip. */
  private Answer delete(Call call) {
    User child = find(call);
    return Forms.submit(
        call,
        List.of(),
        () -> {
          String typed = String.valueOf(call.params().get("typed_name")).strip();
          if (!typed.equals(child.name().strip())) {
            throw new ApiException.Invalid(
                ErrorCode.PARAMETER_INVALID, "typed_name", "must be the name of the child user");
          }
          parts.accounts().deleteUser().run(call.caller(), child.id());
          return Browser.goTo(Notice.CHILD_DELETED.at("/children?deleted=1"));
        },
        (status, form) -> one(status, call, form));
  }

  private Answer restore(Call call) {
    parts.accounts().restoreUser().run(call.caller(), idIn(call));
    return Browser.goTo(Notice.CHILD_RESTORED.at("/children/" + call.id()));
  }

  private static UserId idIn(Call call) {
    return UserId.parse(call.id()).orElseThrow(() -> new ApiException.Refused(ErrorCode.NOT_FOUND));
  }
}
