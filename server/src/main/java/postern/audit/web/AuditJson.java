package postern.audit.web;

import java.util.HexFormat;
import postern.audit.AuditEntry;
import postern.events.EventBody;
import postern.json.JsonOut;

/** The JSON of a row of the audit log. */
final class AuditJson {
  private AuditJson() {}

  static void write(JsonOut out, AuditEntry entry) {
    out.startObject().text("id", entry.id()).text("object", "AuditEntry");
    out.text("created_at", EventBody.MILLISECONDS.format(entry.createdAt()));
    out.text("action", entry.action()).text("outcome", entry.isOk() ? "ok" : "refused");
    out.text("error_code", orNull(entry.errorCode()));
    out.startObject("actor").text("kind", entry.actor().kind());
    out.text("id", orNull(entry.actor().id()));
    // Of a person it is the person's address; of others, the name of the user behind them.
    boolean isPerson = entry.actor().kind().equals("person");
    if (isPerson) {
      out.text("name", orNull(entry.actor().name()));
    }
    out.endObject();
    out.startObject("on_behalf_of").text("id", orNull(entry.actor().user()));
    out.text("name", isPerson ? null : orNull(entry.actor().name())).endObject();
    out.startObject("target").text("id", orNull(entry.object().id()));
    out.text("user_id", orNull(entry.object().user()));
    out.text("name", orNull(entry.object().name())).endObject();
    out.json("before", entry.before()).json("after", entry.after());
    out.text("address", orNull(entry.source().address()));
    out.text("client", orNull(entry.source().client()));
    out.text("request_id", orNull(entry.source().requestId()));
    out.value("seq", entry.chained().map(AuditEntry.Chained::seq).orElse(null));
    out.value("hash", entry.chained().map(chained -> hex(chained.hash())).orElse(null));
    out.endObject();
  }

  static String hex(byte[] hash) {
    return HexFormat.of().formatHex(hash);
  }

  private static @org.jspecify.annotations.Nullable String orNull(String text) {
    return text.isEmpty() ? null : text;
  }
}
