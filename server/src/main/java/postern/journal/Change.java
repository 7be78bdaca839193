package postern.journal;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import postern.core.Mode;
import postern.core.UserId;
import postern.json.Json;

/**
 * One thing that happened to one object. Facts are what may be shown of the object, by the names
 * that they have on the wire: text, numbers, flags, null, and lists and maps of them. A secret is
 * never among them. They are kept as JSON, which every journal writes down.
 *
 * @param kind such as {@code user.created}: the object's kind, a dot, the past tense
 * @param user the user that the object is or belongs to
 * @param objectId the wire form of the object's id
 * @param objectName what people call the object; empty where it has no name
 * @param before the facts before; {@code {}} for an object that is new
 * @param after the facts after; {@code {}} for an object that is gone
 * @param previous of an object that was there before and after: what it was where that differs
 * @param mode the mode of the object, where it has one whoever changes it; empty for that of the
 *     key
 */
public record Change(
    String kind,
    UserId user,
    String objectId,
    String objectName,
    String before,
    String after,
    String previous,
    Optional<Mode> mode) {
  private static final String NOTHING = "{}";

  /** A change in the mode of the key that causes it. */
  public Change(
      String kind,
      UserId user,
      String objectId,
      String objectName,
      Map<String, @Nullable Object> before,
      Map<String, @Nullable Object> after) {
    this(
        kind,
        user,
        objectId,
        objectName,
        Json.text(before),
        Json.text(after),
        Json.text(previous(before, after)),
        Optional.empty());
  }

  /** The same of an object that has a mode of its own. */
  public Change in(Mode own) {
    return new Change(kind, user, objectId, objectName, before, after, previous, Optional.of(own));
  }

  /** The facts that say what the object is: those after, or the last ones of what is gone. */
  public String facts() {
    return after.equals(NOTHING) ? before : after;
  }

  private static Map<String, @Nullable Object> previous(
      Map<String, @Nullable Object> before, Map<String, @Nullable Object> after) {
    Map<String, @Nullable Object> previous = new LinkedHashMap<>();
    if (!after.isEmpty()) {
      before.forEach(
          (name, value) -> {
            if (!Objects.equals(value, after.get(name))) {
              previous.put(name, value);
            }
          });
    }
    return previous;
  }
}
