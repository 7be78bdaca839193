package postern.webhooks;

import static postern.sql.Columns.column;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import postern.core.EventId;
import postern.core.Mode;
import postern.core.UserId;
import postern.core.WebhookId;
import postern.events.Event;
import postern.events.EventQuery;
import postern.events.NumberedEvent;
import postern.events.Progress;
import postern.sql.Row;
import postern.sql.Tx;

/** The SQL of {@code deliveries}. */
final class DeliveryStore {
  private static final String CLAIM =
      """
      with recursive waiting (webhook_id) as (
        (select webhook_id from deliveries where state = 'pending' order by webhook_id limit 1)
        union all
        select (
          select d.webhook_id from deliveries d
          where d.state = 'pending' and d.webhook_id > waiting.webhook_id
          order by d.webhook_id limit 1)
        from waiting where waiting.webhook_id is not null
      ), queues as (
        select waiting.webhook_id, least(coalesce(busy.free, ?), ?) as free
        from waiting
        left join unnest(?::uuid[], ?::bigint[]) as busy (webhook_id, free) using (webhook_id)
        where waiting.webhook_id is not null
      ), due as (
        select d.root_id, d.event_id, d.webhook_id, coalesce(f.under_way, 0)
          + row_number() over (partition by d.root_id order by d.next_attempt_at) as place
        from queues cross join lateral (
          select d.root_id, d.event_id, d.webhook_id, d.next_attempt_at from deliveries d
          where d.state = 'pending' and d.webhook_id = queues.webhook_id
            and d.next_attempt_at <= ?
          order by d.next_attempt_at
          limit queues.free
        ) as d
        left join unnest(?::uuid[], ?::bigint[]) as f (root_id, under_way)
          on f.root_id = d.root_id
      ), chosen as (
        select d.root_id, d.event_id, d.webhook_id
        from due
        join deliveries d on d.root_id = due.root_id and d.event_id = due.event_id
          and d.webhook_id = due.webhook_id
        where due.place <= ? and d.state = 'pending' and d.next_attempt_at <= ?
        order by due.place
        limit ?
        for update of d skip locked
      ), claimed as (
        update deliveries d
        set attempts = d.attempts + 1, next_attempt_at = ?
        from chosen c
        where d.root_id = c.root_id and d.event_id = c.event_id and d.webhook_id = c.webhook_id
        returning d.root_id, d.event_id, d.webhook_id, d.attempts, d.created_at
      )
      select e.id, e.root_id, e.user_id, e.mode, e.description, e.result, e.previous_attributes,
        e.created_at, w.id as webhook_id, w.user_id as owner_id, w.url, w.custom_headers,
        w.sealed_secret, w.sealed_previous_secret, w.previous_secret_until,
        w.sealed_credentials, c.attempts, c.created_at as first_at
      from claimed c
      join events e on e.root_id = c.root_id and e.id = c.event_id
      join webhooks w on w.root_id = c.root_id and w.id = c.webhook_id
      """;

  private DeliveryStore() {}

  /**
   * Makes the deliveries of new events: one for each enabled webhook of the event's user and mode,
   * and for those of its parent that ask for children's events; how many those are.
   */
  static int fanOut(Tx tx, List<NumberedEvent> events) {
    return fanOut(
        tx,
        column(events, UUID[]::new, event -> event.root().uuid()),
        column(events, UUID[]::new, event -> event.id().uuid()),
        column(events, UUID[]::new, event -> event.user().uuid()),
        column(events, String[]::new, event -> event.mode().wireName()));
  }

  private static int fanOut(Tx tx, UUID[] roots, UUID[] events, UUID[] users, String[] modes) {
    return tx.execute(
        """
        insert into deliveries (root_id, event_id, webhook_id, state, next_attempt_at, created_at,
          updated_at)
        select w.root_id, e.id, w.id, 'pending', ?::timestamptz, ?::timestamptz, ?::timestamptz
        from unnest(?::uuid[], ?::uuid[], ?::uuid[], ?::text[]) as e (root_id, id, user_id, mode)
        join webhooks w on w.root_id = e.root_id and w.mode = e.mode and w.disabled_at is null
          and (w.user_id = e.user_id or (w.user_id = e.root_id and w.include_children))
        on conflict do nothing
        """,
        tx.now(),
        tx.now(),
        tx.now(),
        roots,
        events,
        users,
        modes);
  }

  /** Sends an event again to every enabled webhook that it concerns; how many those are. */
  static int again(Tx tx, Event event) {
    fanOut(
        tx,
        new UUID[] {event.root().uuid()},
        new UUID[] {event.id().uuid()},
        new UUID[] {event.user().uuid()},
        new String[] {event.mode().wireName()});
    return tx.execute(
        """
        update deliveries d
        set state = 'pending', attempts = 0, next_attempt_at = ?, created_at = ?, updated_at = ?
        from webhooks w
        where d.root_id = ? and d.event_id = ? and w.root_id = d.root_id and w.id = d.webhook_id
          and w.disabled_at is null
        """,
        tx.now(),
        tx.now(),
        tx.now(),
        event.root().uuid(),
        event.id().uuid());
  }

  /**
   * Sends a webhook what it has missed: the events from a moment on that were never to be sent to
   * it, or were given up; how many those are. One that has no place in the feed yet is among them:
   * it is not sent twice when it gets it.
   */
  static int replay(Tx tx, Webhook webhook, Instant since) {
    return tx.execute(
        """
        insert into deliveries as d (root_id, event_id, webhook_id, state, next_attempt_at,
          created_at, updated_at)
        select e.root_id, e.id, ?, 'pending', ?::timestamptz, ?::timestamptz, ?::timestamptz
        from events e
        where e.root_id = ? and e.mode = ? and (e.user_id = ? or ?) and e.id > ?
          and e.created_at >= ?
        on conflict (root_id, event_id, webhook_id) do update
        set state = 'pending', attempts = 0, next_attempt_at = excluded.next_attempt_at,
          created_at = excluded.created_at, updated_at = excluded.updated_at
        where d.state = 'failed'
        """,
        webhook.id().uuid(),
        tx.now(),
        tx.now(),
        tx.now(),
        webhook.root().uuid(),
        webhook.mode().wireName(),
        webhook.user().uuid(),
        webhook.includeChildren(),
        EventQuery.at(since),
        since);
  }

  /** Gives up whatever waits for a webhook. */
  static void giveUp(Tx tx, UserId root, WebhookId webhook) {
    tx.execute(
        """
        update deliveries set state = 'failed', updated_at = ?
        where root_id = ? and webhook_id = ? and state = 'pending'
        """,
        tx.now(),
        root.uuid(),
        webhook.uuid());
  }

  /**
   * Claims deliveries that are due, for as long as the lease: another server takes what is not
   * settled by then. Across families, because the loop serves them all. Each webhook's queue is
   * looked into by itself, so that a long one costs the others nothing; and where there is too
   * little room, the families that have the least under way come first.
   *
   * @param free the room that there is
   * @param perWebhook how many a webhook may have under way
   * @param perFamily how many the webhooks of one family may have under way
   */
  static List<Delivery> claim(
      Tx tx, Shares.Free free, int perWebhook, int perFamily, Duration lease) {
    tx.execute("set local synchronous_commit = off");
    List<Map.Entry<WebhookId, Integer>> busy = List.copyOf(free.webhooks().entrySet());
    List<Map.Entry<UserId, Integer>> families = List.copyOf(free.families().entrySet());
    return tx.list(
        CLAIM,
        DeliveryStore::read,
        perWebhook,
        perFamily,
        column(busy, UUID[]::new, entry -> entry.getKey().uuid()),
        column(busy, Long[]::new, entry -> Long.valueOf(entry.getValue())),
        tx.now(),
        column(families, UUID[]::new, entry -> entry.getKey().uuid()),
        column(families, Long[]::new, entry -> Long.valueOf(entry.getValue())),
        perFamily,
        tx.now(),
        free.room(),
        tx.now().plus(lease));
  }

  /** Notes that a delivery was made, and that its webhook works. */
  static void completed(Tx tx, Delivery delivery) {
    tx.execute(
        """
        with works as (
          update webhooks set failing_since = null
          where root_id = ? and id = ? and failing_since is not null
        )
        update deliveries set state = 'completed', updated_at = ?
        where root_id = ? and event_id = ? and webhook_id = ?
        """,
        delivery.root().uuid(),
        delivery.webhook().uuid(),
        tx.now(),
        delivery.root().uuid(),
        delivery.event().id().uuid(),
        delivery.webhook().uuid());
  }

  /** Notes that an attempt failed; since when every attempt to reach the webhook has. */
  static Optional<Instant> failed(Tx tx, Delivery delivery, Instant nextAttemptAt) {
    return tx.one(
        """
        with later as (
          update deliveries set next_attempt_at = ?, updated_at = ?
          where root_id = ? and event_id = ? and webhook_id = ?
        )
        update webhooks set failing_since = coalesce(failing_since, ?)
        where root_id = ? and id = ?
        returning failing_since
        """,
        row -> row.time("failing_since"),
        nextAttemptAt,
        tx.now(),
        delivery.root().uuid(),
        delivery.event().id().uuid(),
        delivery.webhook().uuid(),
        tx.now(),
        delivery.root().uuid(),
        delivery.webhook().uuid());
  }

  /** Gives one delivery up. */
  static void giveUp(Tx tx, Delivery delivery) {
    tx.execute(
        """
        update deliveries set state = 'failed', updated_at = ?
        where root_id = ? and event_id = ? and webhook_id = ?
        """,
        tx.now(),
        delivery.root().uuid(),
        delivery.event().id().uuid(),
        delivery.webhook().uuid());
  }

  /** What has become of the deliveries of events of a family. */
  static Map<EventId, Progress> progress(Tx tx, UserId root, List<EventId> events) {
    Map<EventId, Progress> progress = new HashMap<>();
    tx.list(
            """
            select d.event_id,
              bool_or(d.state = 'pending') as pending, bool_or(d.state = 'failed') as failed,
              coalesce(array_to_string(array_agg(w.url order by w.id)
                filter (where d.state = 'pending'), E'\\n'), '') as pending_urls,
              coalesce(array_to_string(array_agg(w.url order by w.id)
                filter (where d.state = 'completed'), E'\\n'), '') as completed_urls,
              max(d.updated_at) as updated_at
            from deliveries d
            left join webhooks w on w.root_id = d.root_id and w.id = d.webhook_id
            where d.root_id = ? and d.event_id = any(?::uuid[])
            group by d.event_id
            """,
            row ->
                Map.entry(
                    new EventId(row.uuid("event_id")),
                    new Progress(
                        status(row),
                        lines(row.text("pending_urls")),
                        lines(row.text("completed_urls")),
                        row.time("updated_at"))),
            root.uuid(),
            column(events, UUID[]::new, EventId::uuid))
        .forEach(entry -> progress.put(entry.getKey(), entry.getValue()));
    return progress;
  }

  private static Progress.Status status(Row row) {
    if (row.flag("pending")) {
      return Progress.Status.PENDING;
    }
    return row.flag("failed") ? Progress.Status.FAILED : Progress.Status.COMPLETED;
  }

  private static List<String> lines(String text) {
    return text.isEmpty()
        ? List.of()
        : Arrays.stream(text.split("\n", -1)).collect(Collectors.toList());
  }

  /** Removes what is older than its events are kept; across families, because a job asks. */
  static int purge(Tx tx, Instant before, int limit) {
    return tx.execute(
            """
            delete from deliveries where (root_id, event_id, webhook_id) in (
              select root_id, event_id, webhook_id from deliveries
              where created_at < ? and state <> 'pending' order by created_at limit ?
              for update skip locked)
            """,
            before,
            limit)
        + tx.execute(
            """
            delete from payloads where (root_id, event_id, id) in (
              select root_id, event_id, id from payloads
              where created_at < ? order by created_at limit ? for update skip locked)
            """,
            before,
            limit);
  }

  private static Delivery read(Row row) {
    Event event =
        new Event(
            new EventId(row.uuid("id")),
            new UserId(row.uuid("root_id")),
            new UserId(row.uuid("user_id")),
            Mode.parse(row.text("mode")).orElseThrow(),
            row.text("description"),
            row.text("result"),
            row.text("previous_attributes"),
            row.time("created_at"));
    return new Delivery(
        event,
        new WebhookId(row.uuid("webhook_id")),
        new UserId(row.uuid("owner_id")),
        row.text("url"),
        WebhookStore.headersIn(row.text("custom_headers")),
        new Delivery.Sealed(
            row.bytesIfAny("sealed_secret"),
            row.bytesIfAny("sealed_previous_secret"),
            row.timeIfAny("previous_secret_until"),
            row.bytesIfAny("sealed_credentials")),
        row.integer("attempts"),
        row.time("first_at"));
  }
}
