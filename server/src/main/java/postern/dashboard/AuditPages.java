package postern.dashboard;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import postern.audit.AuditEntry;
import postern.audit.AuditQuery;
import postern.core.AuditId;
import postern.core.Checks;
import postern.events.EventQuery;
import postern.http.Access;
import postern.http.Answer;
import postern.http.Call;
import postern.http.Handler;
import postern.http.Params;
import postern.http.Route;
import postern.http.RouteClass;
import postern.json.Json;
import postern.sql.Page;

/** The audit log: who did what to which object, from where. */
public final class AuditPages {
  /**
   * What it shows.
   *
   * @param export where the whole of it is, by the same filters
   * @param older where the next part is; null at the end
   */
  public record AuditView(List<Row> entries, Form form, String export, @Nullable String older) {}

  /** An entry, with the facts before and after as JSON in lines. */
  public record Row(AuditEntry entry, String before, String after) {}

  private static final List<String> FILTERS =
      List.of("actor", "action", "object", "start_datetime", "end_datetime");
  private static final int PAGE_SIZE = 50;
  private static final int TEXT_LENGTH_MAX = 100;

  private final Html html;
  private final Parts parts;
  private final Handler export;

  /**
   * Makes it.
   *
   * @param export the whole of the log as CSV
   */
  AuditPages(Html html, Parts parts, Handler export) {
    this.html = html;
    this.parts = parts;
    this.export = export;
  }

  List<Route> routes() {
    return List.of(
        new Route("GET", "/audit", Access.SESSION, this::list).as(RouteClass.INDEX),
        new Route("GET", "/audit/export", Access.SESSION, export).as(RouteClass.INDEX));
  }

  private Answer list(Call call) {
    Params given = call.params();
    Map<String, String> filters = new LinkedHashMap<>();
    for (String name : FILTERS) {
      if (given.get(name) instanceof String text && !text.isBlank()) {
        filters.put(name, text);
      }
    }
    return Forms.submit(
        call,
        FILTERS,
        () -> {
          Page<AuditEntry> page = parts.auditLog().list(call.caller(), queryIn(given));
          String more = page.hasMore() ? page.rows().getLast().id().toString() : null;
          return page(200, call, page.rows(), Form.with(filters), filters, more);
        },
        (status, form) -> page(status, call, List.of(), form, filters, null));
  }

  private Answer page(
      int status,
      Call call,
      List<AuditEntry> entries,
      Form form,
      Map<String, String> filters,
      @Nullable String more) {
    String query =
        filters.entrySet().stream()
            .map(filter -> filter.getKey() + "=" + Forms.encoded(filter.getValue()))
            .collect(Collectors.joining("&"));
    AuditView view =
        new AuditView(
            entries.stream()
                .map(
                    entry ->
                        new Row(entry, Json.pretty(entry.before()), Json.pretty(entry.after())))
                .toList(),
            form,
            "/audit/export?" + exported(filters),
            more == null ? null : "/audit?" + query + "&before_id=" + more);
    return html.page(status, call, "/audit", "Audit log", "audit", view);
  }

  /** The API takes no moment without a zone. */
  private static String exported(Map<String, String> filters) {
    return filters.entrySet().stream()
        .map(
            filter ->
                filter.getKey()
                    + "="
                    + Forms.encoded(String.valueOf(WebhookPages.withZone(filter.getValue()))))
        .collect(Collectors.joining("&"));
  }

  private static AuditQuery queryIn(Params given) {
    Checks checks = new Checks();
    Optional<Instant> start = moment(checks, given, "start_datetime");
    Optional<Instant> end = moment(checks, given, "end_datetime");
    Optional<UUID> before =
        Optional.ofNullable(given.get("before_id"))
            .flatMap(id -> AuditId.parse(id.toString()))
            .map(AuditId::uuid);
    Optional<String> actor = checks.text("actor", given.get("actor"), TEXT_LENGTH_MAX);
    Optional<String> action = checks.text("action", given.get("action"), TEXT_LENGTH_MAX);
    Optional<String> object = checks.text("object", given.get("object"), TEXT_LENGTH_MAX);
    checks.throwIfAny();
    return new AuditQuery(
        start.map(EventQuery::at).orElse(EventQuery.FIRST),
        EventQuery.min(
            before.orElse(EventQuery.LAST), end.map(EventQuery::at).orElse(EventQuery.LAST)),
        false,
        actor,
        action,
        object,
        PAGE_SIZE);
  }

  private static Optional<Instant> moment(Checks checks, Params given, String name) {
    return checks.moment(name, WebhookPages.withZone(given.get(name)));
  }
}
