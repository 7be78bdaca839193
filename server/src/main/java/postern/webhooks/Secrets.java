package postern.webhooks;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import postern.core.WebhookId;
import postern.crypto.Sealer;

/** Seals what only deliveries need to know: a webhook's secrets and the credentials of its URL. */
final class Secrets {
  private final Sealer sealer;

  Secrets(Sealer sealer) {
    this.sealer = sealer;
  }

  byte @Nullable [] seal(WebhookId webhook, Optional<String> secret) {
    return secret.isEmpty()
        ? null
        : sealer.seal(secret.get().getBytes(StandardCharsets.UTF_8), bound(webhook));
  }

  Optional<String> open(WebhookId webhook, Optional<byte[]> sealed) {
    return sealed.map(
        bytes -> new String(sealer.open(bytes, bound(webhook)), StandardCharsets.UTF_8));
  }

  /** A sealed secret opens for its own webhook only. */
  private static byte[] bound(WebhookId webhook) {
    return ByteBuffer.allocate(2 * Long.BYTES)
        .putLong(webhook.uuid().getMostSignificantBits())
        .putLong(webhook.uuid().getLeastSignificantBits())
        .array();
  }
}
