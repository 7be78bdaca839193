package postern.main;

import java.time.Instant;
import postern.audit.AuditEntry;
import postern.audit.Refusals;
import postern.core.Origin;
import postern.http.RequestObserver;

/** Who hears of requests: the metrics of all, the audit log of those that were refused. */
record Observers(Metrics metrics, Refusals refusals) implements RequestObserver {
  @Override
  public void answered(String route, int status, long nanos) {
    metrics.answered(route, status, nanos);
  }

  @Override
  public void refused(Instant at, String route, String errorCode, Origin origin) {
    AuditEntry.Source source =
        new AuditEntry.Source(origin.address(), origin.client(), origin.requestId());
    refusals.add(
        origin
            .caller()
            .map(caller -> Refusals.Refusal.of(at, caller, route, errorCode, source))
            .orElseGet(() -> Refusals.Refusal.ofStranger(at, route, errorCode, source)));
  }
}
