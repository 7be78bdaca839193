package postern.core;

import java.util.Optional;
import java.util.UUID;

/**
 * The id of a webhook: {@code hook_} and 32 lower-case hex digits on the wire, a {@code uuid} in
 * the database.
 */
public record WebhookId(UUID uuid) {
  private static final String PREFIX = "hook_";

  /** Reads the wire form; empty for any text that is not one. */
  public static Optional<WebhookId> parse(String text) {
    return PrefixedId.parse(PREFIX, text).map(WebhookId::new);
  }

  /** The wire form. */
  @Override
  public String toString() {
    return PrefixedId.format(PREFIX, uuid);
  }
}
