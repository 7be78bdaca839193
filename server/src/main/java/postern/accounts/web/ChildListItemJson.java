package postern.accounts.web;

import postern.accounts.User;
import postern.core.WireTime;
import postern.json.JsonOut;

/** The view of a child in a list of children: seven members, and the time of a deleted one. */
final class ChildListItemJson {
  private ChildListItemJson() {}

  static void write(JsonOut out, User child) {
    out.startObject();
    ChildJson.writeHead(out, child);
    if (child.deletedAt() != null) {
      out.text("deleted_at", WireTime.seconds(child.deletedAt()));
    }
    out.endObject();
  }
}
