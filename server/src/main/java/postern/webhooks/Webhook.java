package postern.webhooks;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import postern.core.Mode;
import postern.core.UserId;
import postern.core.WebhookId;

/**
 * An endpoint that is told of events.
 *
 * @param url without credentials
 * @param includeChildren whether a parent's is told of its children's events too
 * @param disabledAt null while it is told
 * @param failingSince since when every attempt has failed; null while they succeed
 */
public record Webhook(
    WebhookId id,
    UserId root,
    UserId user,
    Mode mode,
    String url,
    List<Header> customHeaders,
    boolean includeChildren,
    Instant createdAt,
    @Nullable Instant disabledAt,
    @Nullable Instant failingSince) {
  /** A header that is added to every delivery. */
  public record Header(String name, String value) {}
}
