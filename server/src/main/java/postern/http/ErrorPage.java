package postern.http;

import postern.core.ErrorCode;

/** Shows a refusal to a person, where a browser has asked for a page. */
@FunctionalInterface
public interface ErrorPage {
  /**
   * The page.
   *
   * @param code why the request was refused
   * @param path what was asked for, still encoded; empty unless it can be asked for again
   * @param requestId by which an operator finds the log line
   */
  Answer of(ErrorCode code, String path, String requestId);
}
