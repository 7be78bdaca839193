package postern.http;

/**
 * One method on one path.
 *
 * @param method the HTTP method in upper case
 * @param path a template such as {@code /v2/users/{id}}; a fixed segment wins over a variable one
 * @param access what the caller must show
 * @param handler what is done
 */
public record Route(String method, String path, Access access, Handler handler) {
  /** Method and template: the route's name in logs, metrics and documents. */
  public String name() {
    return method + " " + path;
  }

  /** The same route under another path. */
  public Route at(String otherPath) {
    return new Route(method, otherPath, access, handler);
  }
}
