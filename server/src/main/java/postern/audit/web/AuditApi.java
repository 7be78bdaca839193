package postern.audit.web;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import postern.audit.AuditEntry;
import postern.audit.AuditLog;
import postern.audit.AuditQuery;
import postern.core.AuditId;
import postern.core.Checks;
import postern.events.EventQuery;
import postern.http.Access;
import postern.http.Answer;
import postern.http.Call;
import postern.http.Csv;
import postern.http.NextLink;
import postern.http.Params;
import postern.http.Route;
import postern.http.RouteClass;
import postern.http.TextBody;
import postern.json.Json;
import postern.sql.Page;

/** The route of the audit log. */
public final class AuditApi {
  private static final List<String> FILTERS =
      List.of("actor", "action", "object", "start_datetime", "end_datetime");
  private static final int TEXT_LENGTH_MAX = 100;
  private static final List<String> JSON_LINES =
      List.of("application/jsonl", "application/x-ndjson");

  private final AuditLog log;

  public AuditApi(AuditLog log) {
    this.log = log;
  }

  public List<Route> routes() {
    return List.of(
        new Route("GET", "/v2/audit_log", Access.PRODUCTION_KEY, this::list).as(RouteClass.INDEX));
  }

  private Answer list(Call call) {
    AuditQuery query = queryIn(call.params());
    if (Csv.isWanted(call)) {
      return csv(call, query);
    }
    return JSON_LINES.stream().anyMatch(call.accept()::contains)
        ? jsonLines(call, query)
        : page(call, query);
  }

  private Answer page(Call call, AuditQuery query) {
    Page<AuditEntry> page = log.list(call.caller(), query);
    Answer answer =
        Answer.json(
            200,
            out -> {
              out.startObject().startArray("audit_log");
              page.rows().forEach(entry -> AuditJson.write(out, entry));
              out.endArray().flag("has_more", page.hasMore()).endObject();
            });
    return page.hasMore()
        ? NextLink.add(
            answer, call, query.size(), query.isAscending(), page.rows().getLast().id(), FILTERS)
        : answer;
  }

  /** Everything that the query is for: a file has no pages. */
  private Answer csv(Call call, AuditQuery query) {
    return Answer.text(200, Csv.TYPE, csvOf(call, query)).streamed();
  }

  /** The same as a file for a browser. */
  public Answer export(Call call) {
    return Csv.file("audit-log.csv", csvOf(call, queryIn(call.params())));
  }

  private TextBody csvOf(Call call, AuditQuery query) {
    log.requireParent(call.caller());
    return out -> {
      AuditCsv.writeHead(out);
      log.forEach(call.caller(), query, entry -> AuditCsv.write(out, entry));
    };
  }

  private Answer jsonLines(Call call, AuditQuery query) {
    log.requireParent(call.caller());
    return Answer.text(
            200,
            "application/jsonl; charset=utf-8",
            out -> log.forEach(call.caller(), query, entry -> writeLine(out, entry)))
        .streamed();
  }

  private static void writeLine(Writer out, AuditEntry entry) {
    byte[] line = Json.bytes(json -> AuditJson.write(json, entry));
    try {
      out.write(new String(line, StandardCharsets.UTF_8));
      out.write('\n');
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static AuditQuery queryIn(Params given) {
    Checks checks = new Checks();
    int size = checks.pageSize(given.get("page_size"));
    Optional<UUID> afterId = id(checks, given, "after_id");
    Optional<UUID> beforeId = id(checks, given, "before_id");
    Optional<Instant> start = checks.moment("start_datetime", given.get("start_datetime"));
    Optional<Instant> end = checks.moment("end_datetime", given.get("end_datetime"));
    Optional<String> actor = checks.text("actor", given.get("actor"), TEXT_LENGTH_MAX);
    Optional<String> action = checks.text("action", given.get("action"), TEXT_LENGTH_MAX);
    Optional<String> object = checks.text("object", given.get("object"), TEXT_LENGTH_MAX);
    checks.throwIfAny();
    return new AuditQuery(
        EventQuery.max(
            afterId.orElse(EventQuery.FIRST), start.map(EventQuery::at).orElse(EventQuery.FIRST)),
        EventQuery.min(
            beforeId.orElse(EventQuery.LAST), end.map(EventQuery::at).orElse(EventQuery.LAST)),
        afterId.isPresent() && beforeId.isEmpty(),
        actor,
        action,
        object,
        size);
  }

  private static Optional<UUID> id(Checks checks, Params given, String name) {
    Object value = given.get(name);
    if (value == null) {
      return Optional.empty();
    }
    Optional<UUID> id = AuditId.parse(value.toString()).map(AuditId::uuid);
    if (id.isEmpty()) {
      checks.wrongType(name, "expected the ID of an entry of the audit log");
    }
    return id;
  }
}
