package postern.webhooks;

import java.util.List;
import java.util.Optional;
import postern.core.EventId;
import postern.core.PayloadId;
import postern.core.UserId;
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

  static List<Payload> list(Tx tx, UserId root, EventId event, int limit) {
    return tx.list(
        SELECT + " order by id limit ?", PayloadStore::read, root.uuid(), event.uuid(), limit);
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
