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
   * @param name the route's name, made once
   * @param variables the values of its variable segments, in the order of the template
   */
  record Match(Route route, String name, List<String> variables) {}

  private static final class Node {
    private final Map<String, Node> fixed = new HashMap<>();
    private final Map<String, Match> byMethod = new HashMap<>();
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
    Match match = new Match(route, route.name(), List.of());
    if (node.byMethod.put(route.method(), match) != null) {
      throw new IllegalArgumentException("two routes are named " + route.name());
    }
  }

  /** The route for a method and a path as it stands in the request line, still percent-encoded. */
  Optional<Match> match(String method, String rawPath) {
    return Optional.ofNullable(match(root, method, rawPath, 0, 0, List.of()));
  }

  /**
   * The same below a node.
   *
   * @param at where in the path the rest of it begins
   * @param depth how many segments stand before that
   */
  private static @Nullable Match match(
      Node node, String method, String path, int at, int depth, List<String> variables) {
    int start = at;
    while (start < path.length() && path.charAt(start) == '/') {
      start++;
    }
    if (start == path.length()) {
      Match match = node.byMethod.get(method);
      return match == null || variables.isEmpty()
          ? match
          : new Match(match.route(), match.name(), variables);
    }
    if (depth == SEGMENTS_MAX) {
      return null;
    }
    int slash = path.indexOf('/', start);
    int end = slash < 0 ? path.length() : slash;
    String segment = path.substring(start, end);
    Node fixed = node.fixed.get(segment);
    if (fixed != null) {
      Match match = match(fixed, method, path, end, depth + 1, variables);
      if (match != null) {
        return match;
      }
    }
    Node variable = node.variable;
    Optional<String> value = variable == null ? Optional.empty() : decoded(segment);
    if (variable == null || value.isEmpty()) {
      return null;
    }
    return match(variable, method, path, end, depth + 1, longer(variables, value.get()));
  }

  private static List<String> longer(List<String> variables, String value) {
    if (variables.isEmpty()) {
      return List.of(value);
    }
    List<String> longer = new ArrayList<>(variables);
    longer.add(value);
    return longer;
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
