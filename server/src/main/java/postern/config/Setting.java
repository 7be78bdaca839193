package postern.config;

import java.math.BigDecimal;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import postern.core.IpRange;
import postern.core.Rate;

/**
 * One thing that can be set.
 *
 * @param key its name in {@code postern.properties}, such as {@code http.port}
 * @param defaultText its value where nobody sets it; empty for "not set"
 * @param description one sentence: what it does, with the unit
 * @param secret whether its value is shown as stars
 * @param parser makes the value of the text; throws {@link IllegalArgumentException} whose message
 *     says what is expected
 */
public record Setting<T>(
    String key,
    String defaultText,
    String description,
    boolean secret,
    Function<String, T> parser) {
  private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");

  /** The name of the environment variable that sets it, such as {@code POSTERN_HTTP_PORT}. */
  public String environmentName() {
    return "POSTERN_" + key.replace('.', '_').replace('-', '_').toUpperCase(Locale.ROOT);
  }

  /** Its value where nobody sets it. */
  public T defaultValue() {
    return parse(defaultText);
  }

  T parse(String text) {
    return parser.apply(text.strip());
  }

  static Setting<String> text(String key, String defaultText, String description) {
    return new Setting<>(key, defaultText, description, false, text -> text);
  }

  static Setting<String> secret(String key, String description) {
    return new Setting<>(key, "", description, true, text -> text);
  }

  static Setting<Integer> integer(
      String key, int defaultValue, int min, int max, String description) {
    return new Setting<>(
        key,
        Integer.toString(defaultValue),
        description,
        false,
        text -> {
          String expected = "must be a whole number from " + min + " to " + max;
          if (!text.matches("\\d{1,9}")) {
            throw new IllegalArgumentException(expected);
          }
          int value = Integer.parseInt(text);
          if (value < min || value > max) {
            throw new IllegalArgumentException(expected);
          }
          return value;
        });
  }

  /** One of some words; the first of them by default. */
  static Setting<String> oneOf(String key, List<String> words, String description) {
    return new Setting<>(
        key,
        words.getFirst(),
        description,
        false,
        text -> {
          if (!words.contains(text)) {
            throw new IllegalArgumentException("must be " + String.join(" or ", words));
          }
          return text;
        });
  }

  static Setting<Boolean> flag(String key, boolean defaultValue, String description) {
    return new Setting<>(
        key,
        Boolean.toString(defaultValue),
        description,
        false,
        text ->
            switch (text.strip()) {
              case "true" -> true;
              case "false" -> false;
              default -> throw new IllegalArgumentException("must be true or false");
            });
  }

  /** A time with its unit: {@code 250ms}, {@code 10s}, {@code 15m}, {@code 12h}, {@code 30d}. */
  static Setting<Duration> duration(String key, String defaultText, String description) {
    return new Setting<>(key, defaultText, description, false, Setting::durationOf);
  }

  private static Duration durationOf(String text) {
    Matcher matcher = DURATION.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("must be a time with its unit, such as 250ms, 10s or 30d");
    }
    long amount = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "ms" -> Duration.ofMillis(amount);
      case "s" -> Duration.ofSeconds(amount);
      case "m" -> Duration.ofMinutes(amount);
      case "h" -> Duration.ofHours(amount);
      default -> Duration.ofDays(amount);
    };
  }

  /** How often something may be done: {@code 5/s burst 50}. */
  static Setting<Rate> rate(String key, String defaultText, String description) {
    return new Setting<>(
        key,
        defaultText,
        description,
        false,
        text ->
            Rate.parse(text)
                .orElseThrow(
                    () ->
                        new IllegalArgumentException(
                            "must be a rate, such as 5/s, 20/m or 5/s burst 50")));
  }

  /** A path of the file system; not set when empty. */
  static Setting<Optional<Path>> path(String key, String description) {
    return new Setting<>(
        key,
        "",
        description,
        false,
        text -> {
          try {
            return text.isEmpty() ? Optional.empty() : Optional.of(Path.of(text));
          } catch (InvalidPathException e) {
            throw new IllegalArgumentException("must be a path", e);
          }
        });
  }

  /** Names between commas. */
  static Setting<List<String>> list(String key, String description) {
    return new Setting<>(
        key,
        "",
        description,
        false,
        text ->
            Arrays.stream(text.split(",", -1))
                .map(String::strip)
                .filter(s -> !s.isEmpty())
                .toList());
  }

  /** IP addresses and networks between commas. */
  static Setting<List<IpRange>> ranges(String key, String description) {
    return new Setting<>(
        key,
        "",
        description,
        false,
        text ->
            Arrays.stream(text.split(",", -1))
                .map(String::strip)
                .filter(s -> !s.isEmpty())
                .map(Setting::rangeOf)
                .toList());
  }

  private static IpRange rangeOf(String text) {
    return IpRange.parse(text)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "must be addresses such as 10.0.0.5 or ::1, or networks such as 10.0.0.0/8,"
                        + " between commas; \""
                        + text
                        + "\" is neither, and names are not looked up"));
  }

  /** A decimal number that is not negative; not set when empty. */
  static Setting<Optional<BigDecimal>> decimal(
      String key, String defaultText, int placesMax, String description) {
    return new Setting<>(
        key,
        defaultText,
        description,
        false,
        text -> {
          if (text.isEmpty()) {
            return Optional.empty();
          }
          if (!text.matches("\\d{1,9}(\\.\\d{1," + placesMax + "})?")) {
            throw new IllegalArgumentException(
                "must be a decimal number with at most " + placesMax + " places, such as 0.01");
          }
          return Optional.of(new BigDecimal(text));
        });
  }
}
