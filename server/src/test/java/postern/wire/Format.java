package postern.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How a value is written: what a recording says of it beside its member. */
final class Format {
  private static final Map<String, String> PATTERNS =
      Map.of(
          "time", "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ",
          "time in milliseconds", "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z",
          "decimal", "-?\\d+\\.\\d+",
          "text", "(?s).*");

  private Format() {}

  /** Whether a recorded value is a text of any kind. */
  static boolean isText(String recorded) {
    return PATTERNS.containsKey(recorded) || recorded.contains(" of ");
  }

  /**
   * Holds a value against a format.
   *
   * @param recorded {@code null}, {@code flag}, {@code number}, {@code text}, {@code time}, {@code
   *     time in milliseconds}, {@code decimal}, {@code decimal of} its places, or {@code id of} its
   *     prefix
   */
  static void compare(String where, String recorded, @Nullable Object answered) {
    switch (answered) {
      case String text when isText(recorded) ->
          assertThat(text).as(where).matches(patternOf(recorded));
      case null -> assertThat("null").as(where).isEqualTo(recorded);
      case String text -> assertThat("text").as(where + ": " + text).isEqualTo(recorded);
      case Boolean flag -> assertThat("flag").as(where).isEqualTo(recorded);
      default -> assertThat("number").as(where).isEqualTo(recorded);
    }
  }

  private static String patternOf(String recorded) {
    String known = PATTERNS.get(recorded);
    if (known != null) {
      return known;
    }
    String[] parts = recorded.split(" of ", 2);
    return parts[0].equals("id") ? parts[1] + "_[0-9a-f]{32}" : "-?\\d+\\.\\d{" + parts[1] + "}";
  }
}
