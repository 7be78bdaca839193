package postern.people;

import java.time.Instant;
import postern.core.SessionId;

/**
 * A browser that is logged in, as its person sees it.
 *
 * @param lastSeenAt to the minute
 * @param address where it logged in from
 * @param client what the browser calls itself
 */
public record Session(
    SessionId id, Instant createdAt, Instant lastSeenAt, String address, String client) {}
