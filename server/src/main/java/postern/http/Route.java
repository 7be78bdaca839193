package postern.http;

/**
 * One method on one path.
 *
 * @param method the HTTP method in upper case
 * @param path a template such as {@code /v2/users/{id}}; a fixed segment wins over a variable one
 * @param access what the caller must show
 * @param handler what is done
 * @param kind which limit its requests count against
 */
public record Route(String method, String path, Access access, Handler handler, RouteClass kind) {
  /** A route that reads if it is a {@code GET}, and writes otherwise. */
  public Route(String method, String path, Access access, Handler handler) {
    this(method, path, access, handler, method.equals("GET") ? RouteClass.READ : RouteClass.WRITE);
  }

  /** Method and template: the route's name in logs, metrics and documents. */
  public String name() {
    return method + " " + path;
  }

  /**
   * Whether it reads a list, a search or an export: then its work is within its family's share
   * ({@link ListShares}). Lists of keys are among the routes that show secrets.
   */
  boolean isList() {
    return switch (kind) {
      case INDEX, FEED -> true;
      case SECRET -> method.equals("GET");
      case READ, WRITE, LOG_IN, SIGN_UP -> false;
    };
  }

  /** The same route under another path. */
  public Route at(String otherPath) {
    return new Route(method, otherPath, access, handler, kind);
  }

  /** The same route, counted as another kind of work. */
  public Route as(RouteClass other) {
    return new Route(method, path, access, handler, other);
  }
}
