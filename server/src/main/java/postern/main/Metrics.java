package postern.main;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import postern.http.LoadShedder;
import postern.limits.RateLimits;
import postern.sql.Database;

/** What is measured while the server runs, in Prometheus' text form. Safe for many threads. */
final class Metrics {
  private record Series(String route, int status) {}

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final ConcurrentHashMap<Series, Timer> requests = new ConcurrentHashMap<>();

  Metrics(Database database, LoadShedder shedder, RateLimits limits) {
    new JvmMemoryMetrics().bindTo(registry);
    ManagementFactory.getGarbageCollectorMXBeans().forEach(this::addCollector);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    Gauge.builder("postern.storage.connections.active", database, Database::activeConnections)
        .description("Connections to PostgreSQL that are at work")
        .register(registry);
    Gauge.builder("postern.storage.connections.waiting", database, Database::waitingForConnection)
        .description("Requests that wait for a connection to PostgreSQL")
        .register(registry);
    Gauge.builder("postern.http.in.flight", shedder, LoadShedder::inFlight)
        .description("Requests that are being worked on")
        .register(registry);
    FunctionCounter.builder("postern.http.shed", shedder, LoadShedder::refused)
        .description("Requests refused because work waits too long for its turn")
        .register(registry);
    Gauge.builder("postern.limits.shared", limits, each -> each.isShared() ? 1 : 0)
        .description("Whether all nodes count limits together in Redis just now")
        .register(registry);
  }

  /**
   * Read when somebody looks, and not told by the JVM after each collection, as Micrometer's own
   * would be: there are dozens in a second under load.
   */
  private void addCollector(GarbageCollectorMXBean collector) {
    FunctionTimer.builder(
            "jvm.gc.pause",
            collector,
            GarbageCollectorMXBean::getCollectionCount,
            GarbageCollectorMXBean::getCollectionTime,
            TimeUnit.MILLISECONDS)
        .description("Pauses for the collection of garbage")
        .tag("gc", collector.getName())
        .register(registry);
  }

  void answered(String route, int status, long nanos) {
    // The routes are a fixed table, so there can never be more series than the table has room for.
    Series series = new Series(route, status);
    // Only the first request of a series locks the map.
    Timer known = requests.get(series);
    Timer timer = known == null ? requests.computeIfAbsent(series, this::timer) : known;
    timer.record(nanos, TimeUnit.NANOSECONDS);
  }

  private Timer timer(Series series) {
    return Timer.builder("postern.http.requests")
        .description("Requests answered")
        .tag("route", series.route())
        .tag("status", Integer.toString(series.status()))
        .register(registry);
  }

  String scrape() {
    return registry.scrape();
  }
}
