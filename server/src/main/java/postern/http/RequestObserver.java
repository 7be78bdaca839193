package postern.http;

/** Is told of every request that has been answered: for metrics. */
@FunctionalInterface
public interface RequestObserver {
  /**
   * A request has been answered.
   *
   * @param route the route's name, or {@code unmatched}
   * @param status the status that was sent
   * @param nanos from the arrival of the request's head to the end of its answer
   */
  void answered(String route, int status, long nanos);
}
