package postern.events;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import postern.core.EventId;
import postern.core.Mode;
import postern.core.Principal;
import postern.core.UserId;
import postern.sql.Row;
import postern.sql.Tx;

/** The SQL of {@code events}. */
final class EventStore {
  private static final String COLUMNS =
      " root_id, id, user_id, mode, description, result, previous_attributes, created_at ";

  private EventStore() {}

  /** Writes new events, in their order. */
  static void insert(Tx tx, List<Event> events) {
    tx.executeLater(
        """
        insert into events (root_id, id, user_id, mode, description, result, previous_attributes,
          created_at)
        select root_id, id, user_id, mode, description, result, previous_attributes, ?
        from unnest(?::uuid[], ?::uuid[], ?::uuid[], ?::text[], ?::text[], ?::text[], ?::text[])
          with ordinality
          as new (root_id, id, user_id, mode, description, result, previous_attributes, place)
        order by place
        """,
        tx.now(),
        events.stream().map(event -> event.root().uuid()).toArray(UUID[]::new),
        events.stream().map(event -> event.id().uuid()).toArray(UUID[]::new),
        events.stream().map(event -> event.user().uuid()).toArray(UUID[]::new),
        texts(events, event -> event.mode().wireName()),
        texts(events, Event::description),
        texts(events, Event::result),
        texts(events, Event::previousAttributes));
  }

  private static String[] texts(List<Event> events, Function<Event, String> of) {
    return events.stream().map(of).toArray(String[]::new);
  }

  /** One event that the caller may see. */
  static Optional<Event> find(Tx tx, Principal caller, EventId id) {
    Scope scope = Scope.of(caller, caller.isRoot(), Optional.empty());
    List<Object> arguments = new ArrayList<>(scope.arguments());
    arguments.add(id.uuid());
    return tx.one(
        "select" + COLUMNS + "from events where " + scope.condition() + " and id = ?",
        EventStore::read,
        arguments.toArray());
  }

  /** Newest first, or oldest first where only a lower end is given. */
  static List<Event> list(Tx tx, Principal caller, EventQuery query, int limit) {
    Scope scope = Scope.of(caller, query.includeChildren(), query.user());
    StringBuilder sql = new StringBuilder("select" + COLUMNS + "from events where ");
    sql.append(scope.condition()).append(" and id > ? and id < ?");
    List<Object> arguments = new ArrayList<>(scope.arguments());
    arguments.add(query.after());
    arguments.add(query.before());
    query
        .description()
        .ifPresent(
            description -> {
              sql.append(" and description = ?");
              arguments.add(description);
            });
    sql.append(" order by id ").append(query.isAscending() ? "asc" : "desc").append(" limit ?");
    arguments.add(limit);
    return tx.list(sql.toString(), EventStore::read, arguments.toArray());
  }

  /** What comes after a position, in the order of positions. */
  static List<EventFeed.Entry> feed(Tx tx, Principal caller, long after, int limit) {
    Scope scope = Scope.of(caller, caller.isRoot(), Optional.empty());
    List<Object> arguments = new ArrayList<>(scope.arguments());
    arguments.add(after);
    arguments.add(limit);
    return tx.list(
        "select"
            + COLUMNS
            + ", position from events where "
            + scope.condition()
            + " and position > ? order by position limit ?",
        row -> new EventFeed.Entry(row.bigint("position"), read(row)),
        arguments.toArray());
  }

  /** The highest position that was given, and the highest that was purged. */
  static EventFeed.Bounds bounds(Tx tx) {
    return tx.one(
            """
            select (select position from event_horizon) as purged,
              (select case when is_called then last_value else 0 end from event_positions) as given
            """,
            row -> new EventFeed.Bounds(row.bigint("purged"), row.bigint("given")))
        .orElseThrow();
  }

  static boolean hasUnnumbered(Tx tx) {
    return tx.one(
            "select id from events where position is null order by written limit 1", row -> true)
        .isPresent();
  }

  /**
   * Gives the next events their positions, in the order in which they were written; across
   * families, because the numbering serves them all. One transaction at a time does this.
   */
  static List<Event> number(Tx tx, int limit) {
    tx.lock(EventNumbering.LOCK);
    return tx
        .list(
            """
            with chosen as (
              select root_id, id, nextval('event_positions') as position
              from (
                select root_id, id from events where position is null order by written limit ?
              ) as next
            )
            update events
            set position = chosen.position
            from chosen
            where events.root_id = chosen.root_id and events.id = chosen.id
            returning events.root_id, events.id, user_id, mode, description, result,
              previous_attributes, created_at, events.position
            """,
            row -> new EventFeed.Entry(row.bigint("position"), read(row)),
            limit)
        .stream()
        .sorted(java.util.Comparator.comparingLong(EventFeed.Entry::position))
        .map(EventFeed.Entry::event)
        .toList();
  }

  /** Removes events of a time that is over; across families, because a job asks. */
  static int purge(Tx tx, java.time.Instant before, int limit) {
    return tx.one(
            """
            with gone as (
              delete from events
              where (root_id, id) in (
                select root_id, id from events
                where created_at < ? and position is not null
                order by created_at limit ? for update skip locked)
              returning position
            ), horizon as (
              update event_horizon
              set position = greatest(position, (select max(position) from gone))
              where exists (select from gone)
            )
            select count(*) as purged from gone
            """,
            row -> row.integer("purged"),
            before,
            limit)
        .orElse(0);
  }

  private static Event read(Row row) {
    return new Event(
        new EventId(row.uuid("id")),
        new UserId(row.uuid("root_id")),
        new UserId(row.uuid("user_id")),
        Mode.parse(row.text("mode")).orElseThrow(),
        row.text("description"),
        row.text("result"),
        row.text("previous_attributes"),
        row.time("created_at"));
  }

  /** Which events a caller sees: of its mode, and its own or its whole family's. */
  private record Scope(String condition, List<Object> arguments) {
    static Scope of(Principal caller, boolean wholeFamily, Optional<UserId> user) {
      List<Object> arguments =
          new ArrayList<>(List.of(caller.root().uuid(), caller.mode().wireName()));
      if (caller.isRoot() && wholeFamily && user.isEmpty()) {
        return new Scope("root_id = ? and mode = ?", arguments);
      }
      arguments.add(user.filter(any -> caller.isRoot()).orElse(caller.user()).uuid());
      return new Scope("root_id = ? and mode = ? and user_id = ?", arguments);
    }
  }
}
