package postern.audit.web;

import java.io.Writer;
import java.util.List;
import postern.audit.AuditEntry;
import postern.events.EventBody;
import postern.http.Csv;

/** The audit log as CSV (RFC 4180), for those who open it in a spreadsheet. */
final class AuditCsv {
  private static final List<String> COLUMNS =
      List.of(
          "id",
          "created_at",
          "action",
          "outcome",
          "error_code",
          "actor_kind",
          "actor_id",
          "on_behalf_of",
          "on_behalf_of_name",
          "target_id",
          "target_user_id",
          "target_name",
          "before",
          "after",
          "address",
          "client",
          "request_id",
          "seq",
          "hash");

  private AuditCsv() {}

  static void writeHead(Writer out) {
    Csv.writeRow(out, COLUMNS);
  }

  static void write(Writer out, AuditEntry entry) {
    Csv.writeRow(
        out,
        List.of(
            entry.id().toString(),
            EventBody.MILLISECONDS.format(entry.createdAt()),
            entry.action(),
            entry.isOk() ? "ok" : "refused",
            entry.errorCode(),
            entry.actor().kind(),
            entry.actor().id(),
            entry.actor().user(),
            entry.actor().name(),
            entry.object().id(),
            entry.object().user(),
            entry.object().name(),
            entry.before(),
            entry.after(),
            entry.source().address(),
            entry.source().client(),
            entry.source().requestId(),
            entry.chained().map(chained -> Long.toString(chained.seq())).orElse(""),
            entry.chained().map(chained -> AuditJson.hex(chained.hash())).orElse("")));
  }
}
