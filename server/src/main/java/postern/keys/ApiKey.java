package postern.keys;

import java.time.Instant;
import postern.core.KeyId;
import postern.core.Mode;
import postern.core.UserId;

/**
 * An API key as its owner may see it.
 *
 * @param text the key itself: a secret
 */
public record ApiKey(
    KeyId id, UserId user, Mode mode, String text, boolean active, Instant createdAt) {
  /** Never the key: this may end in a log. */
  @Override
  public String toString() {
    return "ApiKey[" + id + "]";
  }
}
