package postern.events;

import static postern.sql.ArrayType.TEXTS;
import static postern.sql.ArrayType.UUIDS;
import static postern.sql.Columns.row;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import postern.core.EventId;
import postern.core.Mode;
import postern.core.Principal;
import postern.core.UserId;
import postern.sql.ArrayType;
import postern.sql.Columns;
import postern.sql.Page;
import postern.sql.Row;
import postern.sql.Tx;

/** The SQL of {@code events}. */
final class EventStore {
  private static final String COLUMNS =
      " root_id, id, user_id, mode, description, result, previous_attributes, created_at ";

  private static final String BYTES = "octet_length(result) + octet_length(previous_attributes)";

  /**
   * What a batch has removed.
   *
   * @param last the position of its last event
   */
  record Purged(int events, long last) {}

  /**
   * An event that has got its position.
   *
   * @param written counts the events in the order in which they were written
   */
  record Numbered(NumberedEvent event, long written) {}

  private static final List<ArrayType> NEW_EVENT =
      List.of(UUIDS, UUIDS, UUIDS, TEXTS, TEXTS, TEXTS, TEXTS);

  private EventStore() {}

  /** Writes new events, in their order, and that they wait for their positions. */
  static void insert(Tx tx, List<Event> events) {
    tx.executeLater(
        """
        with new as (
          select *
          from unnest(?::uuid[], ?::uuid[], ?::uuid[], ?::text[], ?::text[], ?::text[], ?::text[])
            with ordinality
            as new (root_id, id, user_id, mode, description, result, previous_attributes, place)
        ), written as (
          insert into events (root_id, id, user_id, mode, description, result, previous_attributes,
            created_at)
          select root_id, id, user_id, mode, description, result, previous_attributes, ?::timestamptz
          from new
        )
        insert into event_feed (root_id, event_id, user_id, mode)
        select root_id, id, user_id, mode from new order by place
        """,
        Columns.of(
            NEW_EVENT,
            events,
            event ->
                row(
                    event.root().uuid(),
                    event.id().uuid(),
                    event.user().uuid(),
                    event.mode().wireName(),
                    event.description(),
                    event.result(),
                    event.previousAttributes())),
        tx.now());
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
  static Page<Event> list(Tx tx, Principal caller, EventQuery query) {
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
    String order = query.isAscending() ? "id asc" : "id desc";
    return Page.read(
        tx,
        new Page.Query(sql.toString(), order, BYTES),
        EventStore::read,
        query.size(),
        arguments);
  }

  /** What comes after a position, in the order of positions. */
  static Page<EventFeed.Entry> feed(Tx tx, Principal caller, long after, int limit) {
    Scope scope = Scope.of(caller, caller.isRoot(), Optional.empty());
    List<Object> arguments = new ArrayList<>(scope.arguments());
    arguments.add(after);
    // One more than the page shows: it tells whether the feed goes on.
    arguments.add(limit + 1);
    String sql =
        """
        select e.*, f.position
        from (
          select root_id, event_id, position from event_feed
          where %s and position > ? order by position limit ?
        ) f
        join events e on e.root_id = f.root_id and e.id = f.event_id
        """
            .formatted(scope.condition());
    return Page.read(
        tx,
        new Page.Query(sql, "position", BYTES),
        row -> new EventFeed.Entry(row.bigint("position"), read(row)),
        limit,
        arguments);
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

  /**
   * Gives the next events their positions, in the order in which they were written; across
   * families, because the numbering serves them all. One transaction at a time does this. Positions
   * are as far apart as the rows were written, so that no row has to be matched with its number.
   *
   * @param behind only events that were written after this one
   */
  static List<Numbered> number(Tx tx, long behind, int limit) {
    tx.lock(EventNumbering.LOCK);
    return tx
        .list(
            """
            with next as (
              select min(written) as first, max(written) as last
              from (
                select written from event_feed
                where position is null and written > ? order by written limit ?
              ) as unnumbered
            ), given as materialized (
              select first, last,
                setval('event_positions', nextval('event_positions') + last - first) - (last - first)
                  as position
              from next where first is not null
            )
            update event_feed
            set position = (select position from given) + written - (select first from given)
            where position is null
              and written between (select first from given) and (select last from given)
            returning position, root_id, event_id, user_id, mode, written
            """,
            row ->
                new Numbered(
                    new NumberedEvent(
                        row.bigint("position"),
                        new UserId(row.uuid("root_id")),
                        new EventId(row.uuid("event_id")),
                        new UserId(row.uuid("user_id")),
                        Mode.parse(row.text("mode")).orElseThrow()),
                    row.bigint("written")),
            behind,
            limit)
        .stream()
        .sorted(Comparator.comparingLong(Numbered::written))
        .toList();
  }

  /**
   * Removes those of the next events of the feed whose time is over; across families, because a job
   * asks.
   *
   * @param after where to begin in the feed: what a batch has left behind is not looked at again
   */
  static Purged purge(Tx tx, Instant before, long after, int limit) {
    return tx.one(
            """
            with oldest as (
              select position, root_id, event_id from event_feed
              where position > ? order by position limit ? for update skip locked
            ), gone as (
              delete from event_feed f
              using oldest o join events e on e.root_id = o.root_id and e.id = o.event_id
              where f.position = o.position and e.created_at < ?
              returning f.position, f.root_id, f.event_id
            ), gone_events as (
              delete from events e using gone g where e.root_id = g.root_id and e.id = g.event_id
            ), horizon as (
              update event_horizon
              set position = greatest(position, (select max(position) from gone))
              where exists (select from gone)
            )
            select count(*)::int as events, coalesce(max(position), 0) as last from gone
            """,
            row -> new Purged(row.integer("events"), row.bigint("last")),
            after,
            limit,
            before)
        .orElseThrow();
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
