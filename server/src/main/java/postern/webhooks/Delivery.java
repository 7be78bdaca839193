package postern.webhooks;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import postern.core.UserId;
import postern.core.WebhookId;
import postern.events.Event;

/**
 * One event for one webhook, claimed to be sent now.
 *
 * @param user the owner of the webhook
 * @param sealed what only its sender may know
 * @param attempt 1 for the first
 * @param createdAt when it was first to be sent
 */
record Delivery(
    Event event,
    WebhookId webhook,
    UserId user,
    String url,
    List<Webhook.Header> customHeaders,
    Sealed sealed,
    int attempt,
    Instant createdAt) {
  /** Sealed texts. */
  record Sealed(
      Optional<byte[]> secret,
      Optional<byte[]> previousSecret,
      Optional<Instant> previousUntil,
      Optional<byte[]> credentials) {}

  UserId root() {
    return event.root();
  }
}
