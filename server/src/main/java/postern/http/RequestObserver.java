package postern.http;

import java.time.Instant;
import postern.core.Origin;

/** Is told of every request that has been answered. */
public interface RequestObserver {
  /**
   * A request has been answered.
   *
   * @param route the route's name, or {@code unmatched}
   * @param status the status that was sent
   * @param nanos from the arrival of the request's head to the end of its answer
   */
  void answered(String route, int status, long nanos);

  /**
   * A request was refused for what its key is or may do. Must not wait.
   *
   * @param origin its caller is empty where the request has not proved who sends it
   */
  void refused(Instant at, String route, String errorCode, Origin origin);
}
