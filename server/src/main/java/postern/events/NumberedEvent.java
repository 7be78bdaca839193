package postern.events;

import postern.core.EventId;
import postern.core.Mode;
import postern.core.UserId;

/**
 * An event that has got its place in the feed.
 *
 * @param position above those of all events that had got theirs before
 * @param root the family of the user
 * @param user whom the event concerns
 */
public record NumberedEvent(long position, UserId root, EventId id, UserId user, Mode mode) {}
