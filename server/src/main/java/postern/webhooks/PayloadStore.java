package postern.webhooks;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import postern.core.EventId;
import postern.core.PayloadId;
import postern.core.UserId;
import postern.core.WebhookId;
import postern.sql.Page;
import postern.sql.Row;
import postern.sql.Tx;

/** The SQL of {@code payloads}. */
final class PayloadStore {
  private static final String SELECT =
      """
      select id, request_url, request_headers, request_body, response_code, response_headers,
        response_body, total_time_ms, created_at
      from payloads
      where root_id = ? and event_id = ?
      """;

  private static final String BYTES =
      """
      octet_length(request_headers) + octet_length(request_body) + octet_length(response_headers)
        + octet_length(response_body)
      """;

  private PayloadStore() {}

  static void insert(Tx tx, Delivery delivery, Payload payload) {
    tx.execute(
        """
        insert into payloads (root_id, event_id, id, webhook_id, request_url, request_headers,
          request_body, response_code, response_headers, response_body, total_time_ms, created_at)
        values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        delivery.root().uuid(),
        delivery.event().id().uuid(),
        payload.id().uuid(),
        delivery.webhook().uuid(),
        payload.requestUrl(),
        payload.requestHeaders(),
        payload.requestBody(),
        payload.responseCode(),
        payload.responseHeaders(),
        payload.responseBody(),
        payload.totalTimeMs(),
        payload.createdAt());
  }

  static Page<Payload> list(Tx tx, UserId root, EventId event, UUID after, int limit) {
    return Page.read(
        tx,
        new Page.Query(SELECT + " and id > ?", "id", BYTES),
        PayloadStore::read,
        limit,
        List.of(root.uuid(), event.uuid(), after));
  }

  /** The attempts at one endpoint, the newest first. */
  static List<Attempt> ofWebhook(Tx tx, UserId root, WebhookId webhook, UUID before, int limit) {
    return tx.list(
        """
        select p.id, p.event_id, e.description, p.response_code, p.total_time_ms, p.created_at
        from payloads p
        left join events e on e.root_id = p.root_id and e.id = p.event_id
        where p.root_id = ? and p.webhook_id = ? and p.id < ?
        order by p.id desc
        limit ?
        """,
        row ->
            new Attempt(
                new PayloadId(row.uuid("id")),
                new EventId(row.uuid("event_id")),
                row.textIfAny("description").orElse(""),
                row.bigintIfAny("response_code").map(Long::intValue).orElse(null),
                row.integer("total_time_ms"),
                row.time("created_at")),
        root.uuid(),
        webhook.uuid(),
        before,
        limit);
  }

  static Optional<Payload> find(Tx tx, UserId root, EventId event, PayloadId id) {
    return tx.one(SELECT + " and id = ?", PayloadStore::read, root.uuid(), event.uuid(), id.uuid());
  }

  private static Payload read(Row row) {
    return new Payload(
        new PayloadId(row.uuid("id")),
        row.text("request_url"),
        row.text("request_headers"),
        row.text("request_body"),
        row.bigintIfAny("response_code").map(Long::intValue).orElse(null),
        row.text("response_headers"),
        row.text("response_body"),
        row.integer("total_time_ms"),
        row.time("created_at"));
  }
}
