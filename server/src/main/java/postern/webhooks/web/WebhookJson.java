package postern.webhooks.web;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import postern.core.WireTime;
import postern.events.EventBody;
import postern.json.JsonOut;
import postern.webhooks.Payload;
import postern.webhooks.Webhook;

/** The JSON of webhooks and of attempts to reach them. */
final class WebhookJson {
  private WebhookJson() {}

  static void write(JsonOut out, Webhook webhook) {
    out.startObject().text("id", webhook.id()).text("object", "Webhook");
    out.text("mode", webhook.mode().wireName()).text("url", webhook.url());
    out.text("created_at", seconds(webhook.createdAt()));
    out.text("disabled_at", seconds(webhook.disabledAt()));
    out.startArray("custom_headers");
    for (Webhook.Header header : webhook.customHeaders()) {
      out.startObject().text("name", header.name()).text("value", header.value()).endObject();
    }
    out.endArray();
    if (webhook.includeChildren()) {
      out.flag("include_children", true);
    }
    out.endObject();
  }

  static void write(JsonOut out, Payload payload) {
    String at = EventBody.MILLISECONDS.format(payload.createdAt());
    out.startObject().text("id", payload.id()).text("object", "Payload");
    out.text("created_at", at).text("updated_at", at);
    out.text("request_url", payload.requestUrl());
    out.json("request_headers", payload.requestHeaders());
    out.text("request_body", payload.requestBody());
    out.value("response_code", payload.responseCode());
    out.json("response_headers", payload.responseHeaders());
    out.text("response_body", payload.responseBody());
    out.number("total_time", payload.totalTimeMs()).endObject();
  }

  private static @Nullable String seconds(@Nullable Instant at) {
    return at == null ? null : WireTime.seconds(at);
  }
}
