package postern.dashboard;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import postern.keys.ApiKey;

/**
 * An API key in a list.
 *
 * @param name empty where it has none
 * @param text masked
 */
public record KeyRow(
    String id,
    String mode,
    String name,
    String text,
    boolean isActive,
    Instant createdAt,
    @Nullable Instant lastUsedAt) {
  static KeyRow of(ApiKey key) {
    return new KeyRow(
        key.id().toString(),
        Shown.mode(key.mode()),
        key.name() == null ? "" : key.name(),
        Shown.masked(key.text()),
        key.active(),
        key.createdAt(),
        key.lastUsedAt());
  }
}
