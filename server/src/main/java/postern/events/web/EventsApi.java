package postern.events.web;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import postern.core.ApiException;
import postern.core.Checks;
import postern.core.ErrorCode;
import postern.core.EventId;
import postern.core.UserId;
import postern.events.Event;
import postern.events.EventBody;
import postern.events.EventFeed;
import postern.events.EventQuery;
import postern.events.Events;
import postern.events.InjectEvent;
import postern.http.Access;
import postern.http.Answer;
import postern.http.Call;
import postern.http.NextLink;
import postern.http.Params;
import postern.http.Route;
import postern.http.RouteClass;
import postern.sql.Page;

/** The routes of events. */
public final class EventsApi {
  private static final List<String> FILTERS =
      List.of("description", "user_id", "start_datetime", "end_datetime", "include_children");
  private static final int DESCRIPTION_LENGTH_MAX = 100;
  private static final int CURSOR_DIGITS_MAX = 18;
  private static final int FEED_SIZE = 100;

  private final Events events;
  private final EventFeed feed;
  private final InjectEvent injectEvent;

  public EventsApi(Events events, EventFeed feed, InjectEvent injectEvent) {
    this.events = events;
    this.feed = feed;
    this.injectEvent = injectEvent;
  }

  public List<Route> routes() {
    Access access = Access.ANY_KEY;
    return List.of(
        new Route("GET", "/v2/events", access, this::list).as(RouteClass.INDEX),
        new Route("POST", "/v2/events", access, this::inject),
        new Route("GET", "/v2/events/feed", access, this::feed).as(RouteClass.FEED),
        new Route("GET", "/v2/events/{id}", access, this::get));
  }

  private Answer list(Call call) {
    EventQuery query = queryIn(call.params());
    Page<Events.Tracked> page = events.list(call.caller(), query);
    Answer answer =
        Answer.json(
            200,
            out -> {
              out.startObject().startArray("events");
              page.rows().forEach(event -> EventJson.writeListed(out, event));
              out.endArray().flag("has_more", page.hasMore()).endObject();
            });
    return page.hasMore()
        ? NextLink.add(
            answer,
            call,
            query.size(),
            query.isAscending(),
            page.rows().getLast().event().id(),
            FILTERS)
        : answer;
  }

  private Answer get(Call call) {
    Events.Tracked event = events.get(call.caller(), idIn(call));
    return Answer.json(200, out -> EventJson.write(out, event));
  }

  private Answer inject(Call call) {
    Params given = call.params().unwrap("event");
    Checks checks = new Checks();
    Optional<String> description =
        checks.text(given.field("description"), given.get("description"), DESCRIPTION_LENGTH_MAX);
    Map<?, ?> result = object(checks, given, "result");
    Map<?, ?> previous = object(checks, given, "previous_attributes");
    checks.throwIfAny();
    if (description.isEmpty()) {
      throw new ApiException.Invalid(
          ErrorCode.PARAMETER_REQUIRED, given.field("description"), "cannot be blank");
    }
    Event event = injectEvent.run(call.caller(), description.get(), result, previous, given::field);
    return Answer.json(201, out -> EventBody.write(out, event, List.of()));
  }

  private static Map<?, ?> object(Checks checks, Params given, String name) {
    Object value = given.get(name);
    if (value instanceof Map<?, ?> members) {
      return members;
    }
    if (value != null) {
      checks.wrongType(given.field(name), "must be an object");
    }
    return Map.of();
  }

  private Answer feed(Call call) {
    Params given = call.params();
    Checks checks = new Checks();
    Optional<Long> after = cursor(checks, given);
    OptionalLong wait = checks.wholeNumber("wait", given.get("wait"), 0);
    int size = given.has("page_size") ? checks.pageSize(given.get("page_size")) : FEED_SIZE;
    checks.throwIfAny();
    long position = after.orElseGet(feed::end);
    Duration patience =
        Duration.ofSeconds(Math.min(EventFeed.WAIT_MAX.toSeconds(), wait.orElse(0)));
    EventFeed.Part page = call.resting(() -> feed.after(call.caller(), position, size, patience));
    return Answer.json(
        200,
        out -> {
          out.startObject().startArray("events");
          page.events().forEach(event -> EventBody.write(out, event, List.of()));
          out.endArray().text("cursor", Long.toString(page.cursor()));
          out.flag("has_more", page.hasMore()).endObject();
        });
  }

  /** Where a reader stands: at the beginning without a cursor; empty for the end. */
  private static Optional<Long> cursor(Checks checks, Params given) {
    String text = given.get("after") == null ? "0" : String.valueOf(given.get("after"));
    if (text.equals("end")) {
      return Optional.empty();
    }
    if (!text.matches("\\d{1," + CURSOR_DIGITS_MAX + "}")) {
      checks.wrongType("after", "must be the cursor of an earlier answer, or end");
      return Optional.of(0L);
    }
    return Optional.of(Long.parseLong(text));
  }

  static EventQuery queryIn(Params given) {
    Checks checks = new Checks();
    int size = checks.pageSize(given.get("page_size"));
    Optional<UUID> afterId = id(checks, given, "after_id").map(EventId::uuid);
    Optional<UUID> beforeId = id(checks, given, "before_id").map(EventId::uuid);
    Optional<Instant> start = checks.moment("start_datetime", given.get("start_datetime"));
    Optional<Instant> end = checks.moment("end_datetime", given.get("end_datetime"));
    Optional<String> description =
        checks.text("description", given.get("description"), DESCRIPTION_LENGTH_MAX);
    Optional<UserId> user = user(checks, given);
    checks.throwIfAny();
    return new EventQuery(
        EventQuery.max(
            afterId.orElse(EventQuery.FIRST), start.map(EventQuery::at).orElse(EventQuery.FIRST)),
        EventQuery.min(
            beforeId.orElse(EventQuery.LAST), end.map(EventQuery::at).orElse(EventQuery.LAST)),
        afterId.isPresent() && beforeId.isEmpty(),
        description,
        user,
        "true".equals(String.valueOf(given.get("include_children"))),
        size);
  }

  private static Optional<UserId> user(Checks checks, Params given) {
    Object value = given.get("user_id");
    if (value == null) {
      return Optional.empty();
    }
    Optional<UserId> user = UserId.parse(value.toString());
    if (user.isEmpty()) {
      checks.wrongType("user_id", "expected the ID of a user");
    }
    return user;
  }

  private static Optional<EventId> id(Checks checks, Params given, String name) {
    Object value = given.get(name);
    if (value == null) {
      return Optional.empty();
    }
    Optional<EventId> id = EventId.parse(value.toString());
    if (id.isEmpty()) {
      checks.wrongType(name, "expected the ID of an event");
    }
    return id;
  }

  /**
   * The event that the path names.
   *
   * @throws ApiException.Invalid for what is no id of an event
   */
  public static EventId idIn(Call call) {
    return EventId.parse(call.id())
        .orElseThrow(
            () ->
                new ApiException.Invalid(
                    ErrorCode.PARAMETER_INVALID_TYPE, "id", "expected a evt ID"));
  }
}
