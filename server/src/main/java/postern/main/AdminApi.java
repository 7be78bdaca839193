package postern.main;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import postern.http.Access;
import postern.http.Answer;
import postern.http.Call;
import postern.http.Route;
import postern.sql.Database;

/** The routes of the operator's port: health and metrics. */
final class AdminApi {
  private static final Duration ANSWER_WITHIN = Duration.ofSeconds(1);

  private final Database database;
  private final BooleanSupplier storageRuns;
  private final Metrics metrics;

  AdminApi(Database database, BooleanSupplier storageRuns, Metrics metrics) {
    this.database = database;
    this.storageRuns = storageRuns;
    this.metrics = metrics;
  }

  List<Route> routes() {
    return List.of(
        new Route("GET", "/health/live", Access.PUBLIC, call -> status(200, "live")),
        new Route("GET", "/health/ready", Access.PUBLIC, this::ready),
        new Route("GET", "/metrics", Access.PUBLIC, this::metrics));
  }

  private Answer ready(Call call) {
    return storageRuns.getAsBoolean() && database.answers(ANSWER_WITHIN)
        ? status(200, "ready")
        : status(503, "the database does not answer").header("Retry-After", "1");
  }

  private Answer metrics(Call call) {
    return Answer.bytes(
        200,
        "text/plain; version=0.0.4; charset=utf-8",
        metrics.scrape().getBytes(StandardCharsets.UTF_8));
  }

  private static Answer status(int status, String text) {
    return Answer.json(status, out -> out.startObject().text("status", text).endObject());
  }
}
