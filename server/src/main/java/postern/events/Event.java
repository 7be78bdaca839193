package postern.events;

import java.time.Instant;
import postern.core.EventId;
import postern.core.Mode;
import postern.core.UserId;

/**
 * Something that happened.
 *
 * @param root the family of the user
 * @param user whom it concerns: the owner of the object, or the user that is the object
 * @param description what happened, such as {@code user.created}
 * @param result the object after it, as JSON
 * @param previousAttributes what the object had before where it changed, as a JSON object
 */
public record Event(
    EventId id,
    UserId root,
    UserId user,
    Mode mode,
    String description,
    String result,
    String previousAttributes,
    Instant createdAt) {}
