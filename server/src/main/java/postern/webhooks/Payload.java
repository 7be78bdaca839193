package postern.webhooks;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import postern.core.PayloadId;

/**
 * One attempt to deliver an event.
 *
 * @param requestHeaders a JSON object
 * @param responseCode null where no answer came
 * @param responseHeaders a JSON object
 * @param responseBody its first 16 KB, or a sentence that says why there is none
 */
public record Payload(
    PayloadId id,
    String requestUrl,
    String requestHeaders,
    String requestBody,
    @Nullable Integer responseCode,
    String responseHeaders,
    String responseBody,
    int totalTimeMs,
    Instant createdAt) {}
