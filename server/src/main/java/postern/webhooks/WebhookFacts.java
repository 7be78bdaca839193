package postern.webhooks;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import postern.core.WireTime;
import postern.journal.Change;

/** What journals are told of webhooks: never a secret, and of custom headers only the names. */
final class WebhookFacts {
  private WebhookFacts() {}

  static Change change(
      String kind,
      Webhook webhook,
      Map<String, @Nullable Object> before,
      Map<String, @Nullable Object> after) {
    return new Change(kind, webhook.user(), webhook.id().toString(), webhook.url(), before, after)
        .in(webhook.mode());
  }

  static Map<String, @Nullable Object> of(Webhook webhook) {
    Map<String, @Nullable Object> facts = new LinkedHashMap<>();
    List<String> headers = webhook.customHeaders().stream().map(Webhook.Header::name).toList();
    facts.put("id", webhook.id().toString());
    facts.put("object", "Webhook");
    facts.put("user_id", webhook.user().toString());
    facts.put("mode", webhook.mode().wireName());
    facts.put("url", webhook.url());
    facts.put("custom_headers", headers);
    facts.put("include_children", webhook.includeChildren());
    facts.put("created_at", seconds(webhook.createdAt()));
    facts.put("disabled_at", seconds(webhook.disabledAt()));
    return facts;
  }

  private static @Nullable String seconds(@Nullable Instant at) {
    return at == null ? null : WireTime.seconds(at);
  }
}
