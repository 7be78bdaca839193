package postern.http;

/** What every request passes on its way to its handler and back. */
public record Guards(
    LoadShedder shedder,
    ListShares lists,
    Authenticator authenticator,
    RateLimiter limiter,
    Idempotency idempotency,
    RequestObserver observer,
    StrictBodies bodies) {}
