package postern.keys;

import java.time.Instant;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;
import postern.core.KeyId;
import postern.core.Mode;
import postern.core.UserId;

/**
 * An API key as its owner may see it.
 *
 * @param text the key itself: a secret
 * @param name what people call it; null where it has no name
 * @param lastUsedAt null before its first use; some seconds late, since uses are noted in batches
 */
public record ApiKey(
    KeyId id,
    UserId user,
    Mode mode,
    String text,
    boolean active,
    @Nullable String name,
    Instant createdAt,
    @Nullable Instant lastUsedAt) {
  /** Of keys of one moment the test key first; of those of one mode the one with the lower id. */
  static final Comparator<ApiKey> OLDEST_FIRST =
      Comparator.comparing(ApiKey::createdAt)
          .thenComparing(ApiKey::mode)
          .thenComparing(key -> key.id().toString());

  /** The same, switched. */
  ApiKey active(boolean other) {
    return new ApiKey(id, user, mode, text, other, name, createdAt, lastUsedAt);
  }

  /** The same under another name. */
  ApiKey named(@Nullable String other) {
    return new ApiKey(id, user, mode, text, active, other, createdAt, lastUsedAt);
  }

  /** Never the key: this may end in a log. */
  @Override
  public String toString() {
    return "ApiKey[" + id + "]";
  }
}
