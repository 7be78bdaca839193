package postern.events;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
   * @param field what the description is called in messages
   * @throws ApiException.Refused if the caller's key is not a test key
   * @throws ApiException.Invalid for a description that is Postern's own, or none
   */
  public Event run(
      Principal caller,
      String description,
      Map<?, ?> result,
      Map<?, ?> previousAttributes,
      String field) {
    if (caller.mode() != Mode.TEST) {
      throw new ApiException.Refused(ErrorCode.TEST_MODE_ONLY);
    }
    if (!DESCRIPTION.matcher(description).matches()) {
      throw new ApiException.Invalid(
          ErrorCode.PARAMETER_INVALID,
          field,
          "must be of tracker, batch, scan_form, insurance, report or claim, such as"
              + " tracker.updated");
    }
    return database.write(
        tx ->
            journal.append(
                tx,
                caller.root(),
                caller.user(),
                caller.mode(),
                description,
                withFloats(result),
                withFloats(previousAttributes)));
  }

  /**
   * Weights with a decimal point, as EasyPost sends them: its Node client writes one into every
   * whole {@code weight} before it looks at the signature.
   */
  private static Map<String, @Nullable Object> withFloats(Map<?, ?> object) {
    Map<String, @Nullable Object> changed = new LinkedHashMap<>();
    object.forEach((name, value) -> changed.put(String.valueOf(name), withFloats(name, value)));
    return changed;
  }

  private static @Nullable Object withFloats(Object name, @Nullable Object value) {
    return switch (value) {
      case Map<?, ?> inner -> withFloats(inner);
      case List<?> list -> {
        List<@Nullable Object> changed = new ArrayList<>();
        list.forEach(element -> changed.add(withFloats(name, element)));
        yield changed;
      }
      case BigDecimal number when name.equals("weight") && number.scale() <= 0 ->
          number.setScale(1);
      case null, default -> value;
    };
  }
}
