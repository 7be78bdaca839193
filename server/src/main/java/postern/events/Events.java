package postern.events;

import java.util.List;
import java.util.Map;
import postern.core.ApiException;
import postern.core.ErrorCode;
import postern.core.EventId;
import postern.core.Principal;
import postern.core.UserId;
import postern.sql.Database;
import postern.sql.Page;
import postern.sql.Tx;

/** The reads of events: a caller sees those of its mode, a parent its children's too. */
public final class Events {
  /** What has become of the deliveries of events; asked of whoever delivers them. */
  @FunctionalInterface
  public interface Deliveries {
    /** By event; one that nobody is to get is missing. */
    Map<EventId, Progress> of(Tx tx, UserId root, List<EventId> events);
  }

  /** An event and what has become of its deliveries. */
  public record Tracked(Event event, Progress progress) {}

  private final Database database;
  private final Deliveries deliveries;

  public Events(Database database, Deliveries deliveries) {
    this.database = database;
    this.deliveries = deliveries;
  }

  /** A part of the list. */
  public Page<Tracked> list(Principal caller, EventQuery query) {
    return database.read(
        tx -> {
          Page<Event> found = EventStore.list(tx, caller, query);
          return new Page<>(tracked(tx, caller, found.rows()), found.hasMore());
        });
  }

  /**
   * One event.
   *
   * @throws ApiException.Refused with {@code NOT_FOUND} for one that the caller cannot see
   */
  public Tracked get(Principal caller, EventId id) {
    return database.read(tx -> tracked(tx, caller, List.of(find(tx, caller, id))).getFirst());
  }

  /**
   * One event, in a transaction of the caller's.
   *
   * @throws ApiException.Refused with {@code NOT_FOUND} for one that the caller cannot see
   */
  public static Event find(Tx tx, Principal caller, EventId id) {
    return EventStore.find(tx, caller, id)
        .orElseThrow(() -> new ApiException.Refused(ErrorCode.NOT_FOUND));
  }

  private List<Tracked> tracked(Tx tx, Principal caller, List<Event> events) {
    if (events.isEmpty()) {
      return List.of();
    }
    Map<EventId, Progress> progress =
        deliveries.of(tx, caller.root(), events.stream().map(Event::id).toList());
    return events.stream()
        .map(event -> new Tracked(event, progress.getOrDefault(event.id(), Progress.of(event))))
        .toList();
  }
}
