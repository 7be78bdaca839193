package postern.http;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Optional;
import postern.core.Credential;
import postern.core.Principal;

/**
 * One full line per request, also for those that fail. It names the route by its template, never
 * the path, the query or the key, since these may hold what must not be in a log.
 */
final class RequestLog {
  private static final Logger LOG = System.getLogger("postern.request");

  /** Room for every usual line, so that none is copied while it grows. */
  private static final int LINE_CHARS = 320;

  private RequestLog() {}

  static void write(
      String route,
      int status,
      Optional<String> code,
      Optional<Principal> caller,
      long nanos,
      int queries,
      String requestId) {
    if (!LOG.isLoggable(Level.INFO)) {
      return;
    }
    StringBuilder line = new StringBuilder(LINE_CHARS);
    line.append("route=").append(route).append(" status=").append(status);
    code.ifPresent(c -> line.append(" code=").append(c));
    caller.ifPresent(c -> append(line, c));
    line.append(" ms=").append(nanos / 1_000_000).append('.').append(nanos / 100_000 % 10);
    line.append(" queries=").append(queries).append(" request=").append(requestId);
    LOG.log(Level.INFO, line.toString());
  }

  private static void append(StringBuilder line, Principal caller) {
    line.append(" user=").append(caller.user());
    switch (caller.credential()) {
      case Credential.Key(var id) -> line.append(" key=").append(id);
      case Credential.Session session ->
          line.append(" person=").append(session.person()).append(" session=").append(session.id());
    }
  }
}
