package postern.http;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of a request: query and body together, the body winning. Values are {@link
 * String}, {@link java.math.BigDecimal}, {@link Boolean}, {@link List}, {@link Map} or null.
 */
public final class Params {
  private final String prefix;
  private final Map<String, @Nullable Object> values;

  private Params(String prefix, Map<String, @Nullable Object> values) {
    this.prefix = prefix;
    this.values = values;
  }

  static Params of(Map<String, @Nullable Object> query, @Nullable Object body) {
    // Other roots than an object (null, [], a string) mean "no parameters": clients send them.
    if (!(body instanceof Map<?, ?> members)) {
      return new Params("", query);
    }
    Map<String, @Nullable Object> merged = new LinkedHashMap<>(query);
    members.forEach((name, value) -> merged.put((String) name, value));
    return new Params("", merged);
  }

  /**
   * The parameters of one resource: those inside the object {@code wrapper} if there is one, else
   * these, because both {@code {"user":{"name":…}}} and {@code {"name":…}} are sent.
   */
  public Params unwrap(String wrapper) {
    if (!(values.get(wrapper) instanceof Map<?, ?> members)) {
      return this;
    }
    Map<String, @Nullable Object> inner = new LinkedHashMap<>();
    members.forEach((name, value) -> inner.put((String) name, value));
    return new Params(wrapper + ".", inner);
  }

  /** The value under a name; null where it is missing or null itself. */
  public @Nullable Object get(String name) {
    return values.get(name);
  }

  /** Whether the name is there at all, be it with null. */
  public boolean has(String name) {
    return values.containsKey(name);
  }

  /** The name as the caller wrote it, with its wrapper: for messages. */
  public String field(String name) {
    return prefix + name;
  }
}
