package postern.http;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The table of all routes, and the finding of one in it. Empty segments do not count, so that
 * {@code //v2/users/} is {@code /v2/users}: EasyPost's clients send such paths. Safe for many
 * threads.
 */
public final class Routes {
  /**
   * A route that fits a request.
   *
   * @param variables the values of its variable segments, in the order of the template
   */
  record Match(Route route, List<String> variables) {}

  private static final class Node {
    private final Map<String, Node> fixed = new HashMap<>();
    private final Map<String, Route> byMethod = new HashMap<>();
    private @Nullable Node variable;
  }

  private static final int SEGMENTS_MAX = 16;

  private final List<Route> all;
  private final Node root = new Node();

  public Routes(List<Route> routes) {
    this.all = List.copyOf(routes);
    routes.forEach(this::add);
  }

  /** Every route, in the order of the table. */
  public List<Route> all() {
    return all;
  }

  private void add(Route route) {
    Node node = root;
    for (String segment : segmentsOf(route.path())) {
      if (segment.startsWith("{")) {
        Node variable = node.variable == null ? new Node() : node.variable;
        node.variable = variable;
        node = variable;
      } else {
        node = node.fixed.computeIfAbsent(segment, s -> new Node());
      }
    }
    if (node.byMethod.put(route.method(), route) != null) {
      throw new IllegalArgumentException("two routes are named " + route.name());
    }
  }

  /** The route for a method and a path as it stands in the request line, still percent-encoded. */
  Optional<Match> match(String method, String rawPath) {
    List<String> segments = segmentsOf(rawPath);
    if (segments.size() > SEGMENTS_MAX) {
      return Optional.empty();
    }
    return match(root, method, segments, 0, List.of());
  }

  private static Optional<Match> match(
      Node node, String method, List<String> segments, int at, List<String> variables) {
    if (at == segments.size()) {
      Route route = node.byMethod.get(method);
      return route == null ? Optional.empty() : Optional.of(new Match(route, variables));
    }
    String segment = segments.get(at);
    Node fixed = node.fixed.get(segment);
    if (fixed != null) {
      Optional<Match> match = match(fixed, method, segments, at + 1, variables);
      if (match.isPresent()) {
        return match;
      }
    }
    Node variable = node.variable;
    Optional<String> value = variable == null ? Optional.empty() : decoded(segment);
    if (variable == null || value.isEmpty()) {
      return Optional.empty();
    }
    List<String> longer = new ArrayList<>(variables);
    longer.add(value.get());
    return match(variable, method, segments, at + 1, longer);
  }

  private static List<String> segmentsOf(String path) {
    List<String> segments = new ArrayList<>(6);
    int start = 0;
    while (start <= path.length()) {
      int slash = path.indexOf('/', start);
      int end = slash < 0 ? path.length() : slash;
      if (end > start) {
        segments.add(path.substring(start, end));
      }
      start = end + 1;
    }
    return segments;
  }

  private static Optional<String> decoded(String segment) {
    if (segment.indexOf('%') < 0) {
      return Optional.of(segment);
    }
    try {
      // A plus sign stands for itself in a path.
      String plusKept = segment.replace("+", "%2B");
      return Optional.of(URLDecoder.decode(plusKept, StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
