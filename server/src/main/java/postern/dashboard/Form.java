package postern.dashboard;

import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import postern.core.ApiException;
import postern.core.FieldError;
import postern.http.Params;

/**
 * What somebody has typed, and what is wrong with it.
 *
 * @param values what was typed, by field; never a secret
 * @param errors what is wrong, by field
 * @param problem what is wrong with the whole
 */
public record Form(
    Map<String, String> values, Map<String, String> errors, Optional<String> problem) {
  /** One that nobody has filled in. */
  public static final Form EMPTY = new Form(Map.of(), Map.of(), Optional.empty());

  private static final int SHOWN_LENGTH_MAX = 1_000;

  /** One that begins with some values. */
  static Form with(Map<String, String> values) {
    return new Form(values, Map.of(), Optional.empty());
  }

  /**
   * The form again, after it was refused.
   *
   * @param fields those that are shown again: all but secrets
   */
  static Form refused(ApiException refusal, Params given, List<String> fields) {
    Map<String, String> values = new LinkedHashMap<>();
    for (String field : fields) {
      if (given.get(field) instanceof String text && text.length() <= SHOWN_LENGTH_MAX) {
        values.put(field, text);
      }
    }
    return switch (refusal) {
      case ApiException.Invalid invalid ->
          new Form(values, byField(invalid), ofOtherFields(invalid, given));
      case ApiException.RetryLater later ->
          new Form(
              values,
              Map.of(),
              Optional.of(
                  "Too many attempts. Please try again in " + inWords(later.after()) + "."));
      case ApiException.Refused refused ->
          new Form(values, Map.of(), Optional.of(refused.code().message()));
    };
  }

  private static Map<String, String> byField(ApiException.Invalid invalid) {
    Map<String, String> errors = new HashMap<>();
    for (FieldError error : invalid.errors()) {
      errors.putIfAbsent(error.field(), error.message());
    }
    return errors;
  }

  /** What is wrong and has no field in the form beside which it could stand. */
  private static Optional<String> ofOtherFields(ApiException.Invalid invalid, Params given) {
    String all =
        invalid.errors().stream()
            .filter(error -> !given.has(error.field()))
            .map(error -> Shown.words(error.field()) + ": " + error.message() + ".")
            .collect(Collectors.joining(" "));
    return Optional.of(all).filter(text -> !text.isEmpty());
  }

  private static String inWords(Duration time) {
    long minutes = time.plusSeconds(59).toMinutes();
    return minutes <= 1 ? "a minute" : minutes + " minutes";
  }

  /** What was typed into a field; empty if nothing was. */
  public String value(String field) {
    return values.getOrDefault(field, "");
  }

  /** What is wrong with a field; empty if nothing is. */
  public String error(String field) {
    return errors.getOrDefault(field, "");
  }

  /** Whether anything is wrong. */
  public boolean isRefused() {
    return !errors.isEmpty() || problem.isPresent();
  }
}
