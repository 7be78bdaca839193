package postern.http;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import postern.core.FieldError;
import postern.json.Json;
import postern.json.JsonException;

/**
 * Which members the body of a request may have, by the description of the API. Unknown members are
 * passed over, as EasyPost does; a caller that would rather hear of a mistyped one says {@code
 * Postern-Strict: true}. Safe for many threads.
 */
public final class StrictBodies {
  /** Knows no route. */
  static final StrictBodies NONE = new StrictBodies(Map.of(), false);

  /** The header by which a caller asks for it. */
  static final String HEADER = "Postern-Strict";

  private static final int SCHEMA_DEPTH_MAX = 16;
  private static final int UNKNOWN_TOLD_MAX = 20;

  private final Map<String, Members> byRoute;
  private final boolean isAlways;

  private StrictBodies(Map<String, Members> byRoute, boolean isAlways) {
    this.byRoute = byRoute;
    this.isAlways = isAlways;
  }

  /**
   * Reads the description of the API.
   *
   * @param openApi an OpenAPI 3.1 document in JSON
   * @param isAlways whether unknown members are refused also where the caller does not ask for it
   */
  public static StrictBodies of(byte[] openApi, boolean isAlways) {
    try {
      Map<?, ?> document = (Map<?, ?>) Objects.requireNonNull(Json.parse(openApi));
      Map<String, Members> byRoute = new HashMap<>();
      map(document, "paths")
          .forEach(
              (path, operations) ->
                  ((Map<?, ?>) operations)
                      .forEach(
                          (method, operation) -> {
                            if (operation instanceof Map<?, ?> known
                                && known.get("requestBody") instanceof Map<?, ?> body) {
                              Members members = new Members();
                              Object schema =
                                  map(map(body, "content"), "application/json").get("schema");
                              members.add(document, schema, 0);
                              String name = method.toString().toUpperCase(Locale.ROOT) + " " + path;
                              byRoute.put(name, members);
                            }
                          }));
      return new StrictBodies(Map.copyOf(byRoute), isAlways);
    } catch (JsonException e) {
      throw new IllegalStateException("the description of the API is not JSON", e);
    }
  }

  /** Whether unknown members are refused, whatever a caller says. */
  boolean isAlways() {
    return isAlways;
  }

  /**
   * The members of a body that its route does not have, twenty at most.
   *
   * @param route its name, such as {@code POST /v2/users}
   */
  List<FieldError> unknown(String route, Map<?, ?> body) {
    Members members = byRoute.get(route);
    List<FieldError> unknown = new ArrayList<>();
    if (members != null) {
      members.check("", body, unknown);
    }
    return unknown.subList(0, Math.min(UNKNOWN_TOLD_MAX, unknown.size()));
  }

  private static Map<?, ?> map(Map<?, ?> parent, String name) {
    return parent.get(name) instanceof Map<?, ?> child ? child : Map.of();
  }

  /** The names that an object may have, and of each that is an object itself the same. */
  private static final class Members {
    private final Map<String, Members> byName = new HashMap<>();
    private boolean isOpen;

    void add(Map<?, ?> document, @Nullable Object schema, int depth) {
      if (!(schema instanceof Map<?, ?> given) || depth > SCHEMA_DEPTH_MAX) {
        return;
      }
      if (given.get("$ref") instanceof String reference) {
        String name = reference.substring(reference.lastIndexOf('/') + 1);
        add(document, map(map(document, "components"), "schemas").get(name), depth + 1);
      }
      for (String choice : List.of("oneOf", "anyOf", "allOf")) {
        if (given.get(choice) instanceof List<?> choices) {
          choices.forEach(each -> add(document, each, depth + 1));
        }
      }
      map(given, "properties")
          .forEach(
              (name, inner) ->
                  byName
                      .computeIfAbsent(name.toString(), _ -> new Members())
                      .add(document, inner, depth + 1));
      isOpen |= given.containsKey("additionalProperties");
    }

    void check(String prefix, Map<?, ?> object, List<FieldError> unknown) {
      if (isOpen || byName.isEmpty()) {
        return;
      }
      object.forEach(
          (name, value) -> {
            Members known = byName.get(name.toString());
            if (known == null) {
              unknown.add(
                  new FieldError(prefix + name, "is not a parameter of this request: see /docs"));
            } else if (value instanceof Map<?, ?> inner) {
              known.check(prefix + name + ".", inner, unknown);
            }
          });
    }
  }
}
