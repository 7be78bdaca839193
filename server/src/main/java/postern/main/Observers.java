package postern.main;

import java.time.Instant;
import java.util.Optional;
import postern.audit.AuditEntry;
import postern.audit.Refusals;
import postern.core.Origin;
import postern.core.UserId;
import postern.http.RequestObserver;

/** Who hears of requests: the metrics of all, the audit log of those that were refused. */
record Observers(Metrics metrics, Refusals refusals) implements RequestObserver {
  @Override
  public void answered(String route, int status, long nanos) {
    metrics.answered(route, status, nanos);
  }

  @Override
  public void refused(
      Instant at, String route, String errorCode, Origin origin, Optional<UserId> claimed) {
    refusals.add(
        new Refusals.Refusal(
            at,
            origin.caller(),
            claimed,
            route,
            errorCode,
            new AuditEntry.Source(origin.address(), origin.client(), origin.requestId())));
  }
}
