package postern.events;

import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import postern.core.ApiException;
import postern.core.ErrorCode;
import postern.core.Mode;
import postern.core.Principal;
import postern.sql.Database;

/** Makes an event as EasyPost would send it, so that its consumer can be tested. */
public final class InjectEvent {
  private static final Pattern DESCRIPTION =
      Pattern.compile("(tracker|batch|scan_form|insurance|report|claim|claims)\\.[a-z_]{1,40}");

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
   * @throws ApiException.Invalid for a description that is Postern's own, or none, and for numbers
   *     that receivers read differently
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
    Map<String, @Nullable Object> about = stable(result, fieldOf.apply("result"));
    Map<String, @Nullable Object> before =
        stable(previousAttributes, fieldOf.apply("previous_attributes"));
    return database.write(
        tx ->
            journal.append(
                tx, caller.root(), caller.user(), caller.mode(), description, about, before));
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
