package postern.events;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import postern.core.ApiException;
import postern.core.ErrorCode;
import postern.core.Mode;
import postern.core.Principal;
import postern.json.Json;
import postern.sql.Database;

/** Makes an event as EasyPost would send it, so that its consumer can be tested. */
public final class InjectEvent {
  private static final Pattern DESCRIPTION =
      Pattern.compile("(tracker|batch|scan_form|insurance|report|claim|claims)\\.[a-z_]{1,40}");

  /** Of each of the two objects, as JSON in UTF-8. */
  private static final int OBJECT_BYTES_MAX = 64 * 1_024;

  private final Database database;
  private final EventJournal journal;

  public InjectEvent(Database database, EventJournal journal) {
    this.database = database;
    this.journal = journal;
  }

  /**
   * Makes the event, for the caller.
   *
   * @param fieldOf what a parameter is called in messages
   * @throws ApiException.Refused if the caller's key is not a test key
   * @throws ApiException.Invalid for a description that is Postern's own, or none, for numbers that
   *     receivers read differently, and for an object of more than 64 KB
   */
  public Event run(
      Principal caller,
      String description,
      Map<?, ?> result,
      Map<?, ?> previousAttributes,
      UnaryOperator<String> fieldOf) {
    if (caller.mode() != Mode.TEST) {
      throw new ApiException.Refused(ErrorCode.TEST_MODE_ONLY);
    }
    if (!DESCRIPTION.matcher(description).matches()) {
      throw new ApiException.Invalid(
          ErrorCode.PARAMETER_INVALID,
          fieldOf.apply("description"),
          "must be of tracker, batch, scan_form, insurance, report or claim, such as"
              + " tracker.updated");
    }
    String about = text(result, fieldOf.apply("result"));
    String before = text(previousAttributes, fieldOf.apply("previous_attributes"));
    return database.write(
        tx ->
            journal.append(
                tx, caller.root(), caller.user(), caller.mode(), description, about, before));
  }

  /** As it is stored: a number with an exponent is longer there than it came. */
  private static String text(Map<?, ?> object, String field) {
    String text = Json.text(stable(object, field));
    if (text.getBytes(StandardCharsets.UTF_8).length > OBJECT_BYTES_MAX) {
      throw new ApiException.Invalid(
          ErrorCode.PARAMETER_INVALID,
          field,
          "must be at most " + OBJECT_BYTES_MAX + " bytes long as JSON: leave members out");
    }
    return text;
  }

  private static Map<String, @Nullable Object> stable(Map<?, ?> object, String field) {
    try {
      return StableNumbers.in(object);
    } catch (StableNumbers.UnstableException e) {
      throw new ApiException.Invalid(
          ErrorCode.PARAMETER_INVALID, field, String.valueOf(e.getMessage()));
    }
  }
}
