package postern.webhooks;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import postern.core.Mode;
import postern.core.Principal;
import postern.core.UserId;
import postern.core.WebhookId;
import postern.json.Json;
import postern.json.JsonException;
import postern.sql.Row;
import postern.sql.Tx;

/** The SQL of {@code webhooks}. */
final class WebhookStore {
  private static final String COLUMNS =
      " id, root_id, user_id, mode, url, custom_headers, include_children, created_at, disabled_at,"
          + " failing_since ";
  private static final String OWN = " root_id = ? and user_id = ? and mode = ? ";

  private WebhookStore() {}

  static void insert(
      Tx tx, Webhook webhook, byte @Nullable [] secret, byte @Nullable [] credentials) {
    tx.execute(
        """
        insert into webhooks (root_id, id, user_id, mode, url, sealed_secret, sealed_credentials,
          custom_headers, include_children, created_at)
        values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        webhook.root().uuid(),
        webhook.id().uuid(),
        webhook.user().uuid(),
        webhook.mode().wireName(),
        webhook.url(),
        secret,
        credentials,
        headersText(webhook.customHeaders()),
        webhook.includeChildren(),
        webhook.createdAt());
  }

  static List<Webhook> list(Tx tx, Principal caller) {
    return tx.list(
        "select" + COLUMNS + "from webhooks where" + OWN + "order by id",
        WebhookStore::read,
        caller.root().uuid(),
        caller.user().uuid(),
        caller.mode().wireName());
  }

  static int count(Tx tx, Principal caller) {
    return tx.one(
            "select count(*)::int as webhooks from webhooks where" + OWN,
            row -> row.integer("webhooks"),
            caller.root().uuid(),
            caller.user().uuid(),
            caller.mode().wireName())
        .orElse(0);
  }

  static Optional<Webhook> find(Tx tx, Principal caller, WebhookId id) {
    return tx.one(
        "select" + COLUMNS + "from webhooks where" + OWN + "and id = ?",
        WebhookStore::read,
        caller.root().uuid(),
        caller.user().uuid(),
        caller.mode().wireName(),
        id.uuid());
  }

  static Optional<Webhook> findForUpdate(Tx tx, Principal caller, WebhookId id) {
    return tx.one(
        "select" + COLUMNS + "from webhooks where" + OWN + "and id = ? for update",
        WebhookStore::read,
        caller.root().uuid(),
        caller.user().uuid(),
        caller.mode().wireName(),
        id.uuid());
  }

  /** Changes what is given and enables the webhook. */
  static Webhook update(Tx tx, Webhook webhook) {
    return tx.one(
            """
            update webhooks
            set custom_headers = ?, include_children = ?, disabled_at = null, failing_since = null
            where root_id = ? and id = ?
            returning
            """
                + COLUMNS,
            WebhookStore::read,
            headersText(webhook.customHeaders()),
            webhook.includeChildren(),
            webhook.root().uuid(),
            webhook.id().uuid())
        .orElseThrow();
  }

  /** Sets another secret; the one before stays good for a while beside it. */
  static void setSecret(Tx tx, Webhook webhook, byte[] sealed, Instant previousUntil) {
    tx.execute(
        """
        update webhooks
        set sealed_previous_secret = sealed_secret, previous_secret_until = ?, sealed_secret = ?
        where root_id = ? and id = ?
        """,
        previousUntil,
        sealed,
        webhook.root().uuid(),
        webhook.id().uuid());
  }

  static void delete(Tx tx, Webhook webhook) {
    tx.execute(
        """
        with gone as (
          delete from deliveries
          where root_id = ? and webhook_id = ? and state = 'pending'
        )
        delete from webhooks where root_id = ? and id = ?
        """,
        webhook.root().uuid(),
        webhook.id().uuid(),
        webhook.root().uuid(),
        webhook.id().uuid());
  }

  /** Disables a webhook, and gives up what waits for it; empty where it is disabled already. */
  static Optional<Webhook> disable(Tx tx, UserId root, WebhookId id) {
    Optional<Webhook> disabled =
        tx.one(
            "update webhooks set disabled_at = ? where root_id = ? and id = ? and disabled_at is null"
                + " returning"
                + COLUMNS,
            WebhookStore::read,
            tx.now(),
            root.uuid(),
            id.uuid());
    if (disabled.isPresent()) {
      DeliveryStore.giveUp(tx, root, id);
    }
    return disabled;
  }

  static Webhook read(Row row) {
    return new Webhook(
        new WebhookId(row.uuid("id")),
        new UserId(row.uuid("root_id")),
        new UserId(row.uuid("user_id")),
        Mode.parse(row.text("mode")).orElseThrow(),
        row.text("url"),
        headersIn(row.text("custom_headers")),
        row.flag("include_children"),
        row.time("created_at"),
        row.timeIfAny("disabled_at").orElse(null),
        row.timeIfAny("failing_since").orElse(null));
  }

  private static String headersText(List<Webhook.Header> headers) {
    return Json.text(
        headers.stream().map(h -> Map.of("name", h.name(), "value", h.value())).toList());
  }

  static List<Webhook.Header> headersIn(String text) {
    try {
      List<?> all =
          (List<?>)
              Objects.requireNonNull(
                  Json.parse(text.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
      List<Webhook.Header> headers = new ArrayList<>(all.size());
      for (Object each : all) {
        Map<?, ?> members = (Map<?, ?>) Objects.requireNonNull(each);
        headers.add(
            new Webhook.Header(
                String.valueOf(members.get("name")), String.valueOf(members.get("value"))));
      }
      return headers;
    } catch (JsonException e) {
      throw new IllegalStateException("custom headers are not JSON", e);
    }
  }
}
