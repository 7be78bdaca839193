package postern.dashboard;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import postern.core.ApiException;
import postern.core.Checks;
import postern.core.ErrorCode;
import postern.core.EventId;
import postern.core.Principal;
import postern.events.EventQuery;
import postern.events.Events;
import postern.http.Access;
import postern.http.Answer;
import postern.http.Call;
import postern.http.Params;
import postern.http.Route;
import postern.http.RouteClass;
import postern.json.Json;
import postern.sql.Page;
import postern.webhooks.Payload;

/** Events, as they happen, and the attempts to deliver them. */
public final class EventPages {
  /**
   * What the list shows.
   *
   * @param isLive whether the newest are shown, and it keeps itself up to date
   * @param older where the next part is; null at the end
   */
  public record EventsView(
      List<EventRow> events,
      String mode,
      String description,
      boolean isLive,
      @Nullable String older) {}

  /**
   * What the page of one shows.
   *
   * @param result the object after it, as JSON in lines
   * @param status what has become of its deliveries
   */
  public record EventView(
      EventRow event,
      String mode,
      String result,
      String previous,
      String status,
      List<AttemptView> attempts) {}

  /** One attempt, whole. */
  public record AttemptView(
      Payload payload, String requestHeaders, String requestBody, String responseHeaders) {}

  private static final int PAGE_SIZE = 50;
  private static final int TEXT_LENGTH_MAX = 100;

  private final Html html;
  private final Parts parts;

  EventPages(Html html, Parts parts) {
    this.html = html;
    this.parts = parts;
  }

  List<Route> routes() {
    return List.of(
        new Route("GET", "/events", Access.SESSION, this::list).as(RouteClass.INDEX),
        new Route("GET", "/events/{id}", Access.SESSION, this::one).as(RouteClass.INDEX),
        new Route("POST", "/events/{id}/deliver", Access.SESSION, Browser.checked(this::deliver)));
  }

  private Answer list(Call call) {
    Params given = call.params();
    Principal caller = WebhookPages.callerIn(call);
    Checks checks = new Checks();
    Optional<String> description =
        checks.text("description", given.get("description"), TEXT_LENGTH_MAX);
    Optional<UUID> before =
        Optional.ofNullable(given.get("before"))
            .flatMap(id -> EventId.parse(id.toString()))
            .map(EventId::uuid);
    EventQuery query =
        new EventQuery(
            EventQuery.FIRST,
            before.orElse(EventQuery.LAST),
            false,
            description,
            Optional.empty(),
            true,
            PAGE_SIZE);
    Page<Events.Tracked> page = parts.events().events().list(caller, query);
    List<EventRow> rows =
        page.rows().stream().map(tracked -> EventRow.of(tracked.event())).toList();
    String base =
        "/events?mode="
            + caller.mode().wireName()
            + "&description="
            + Forms.encoded(description.orElse(""));
    EventsView view =
        new EventsView(
            rows,
            caller.mode().wireName(),
            description.orElse(""),
            before.isEmpty(),
            page.hasMore() ? base + "&before=" + rows.getLast().id() : null);
    return html.page(call, "/events", "Events", "events", view);
  }

  private Answer one(Call call) {
    Principal caller = WebhookPages.callerIn(call);
    EventId id = idIn(call);
    Events.Tracked tracked = parts.events().events().get(caller, id);
    List<AttemptView> attempts =
        parts.events().deliveries().payloads(caller, id, EventQuery.FIRST).rows().stream()
            .map(EventPages::attempt)
            .toList();
    EventView view =
        new EventView(
            EventRow.of(tracked.event()),
            caller.mode().wireName(),
            Json.pretty(tracked.event().result()),
            Json.pretty(tracked.event().previousAttributes()),
            Shown.words(tracked.progress().status().wireName()),
            attempts);
    return html.page(call, "/events", "Event", "event", view);
  }

  private static AttemptView attempt(Payload payload) {
    return new AttemptView(
        payload,
        Json.pretty(payload.requestHeaders()),
        Json.pretty(payload.requestBody()),
        Json.pretty(payload.responseHeaders()));
  }

  private Answer deliver(Call call) {
    Principal caller = WebhookPages.callerIn(call);
    parts.events().deliveries().again(caller, idIn(call));
    return Browser.goTo(
        Notice.SENT_AGAIN.at("/events/" + call.id() + "?mode=" + caller.mode().wireName()));
  }

  private static EventId idIn(Call call) {
    return EventId.parse(call.id())
        .orElseThrow(() -> new ApiException.Refused(ErrorCode.NOT_FOUND));
  }
}
