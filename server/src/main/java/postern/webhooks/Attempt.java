package postern.webhooks;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import postern.core.EventId;
import postern.core.PayloadId;

/**
 * One attempt to deliver an event, as a list shows it.
 *
 * @param description of the event; empty where it is kept no longer
 * @param responseCode null where no answer came
 */
public record Attempt(
    PayloadId id,
    EventId event,
    String description,
    @Nullable Integer responseCode,
    int totalTimeMs,
    Instant createdAt) {
  /** Whether the endpoint has taken it. */
  public boolean isTaken() {
    return responseCode != null && responseCode >= 200 && responseCode < 300;
  }
}
