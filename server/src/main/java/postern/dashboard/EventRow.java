package postern.dashboard;

import java.time.Instant;
import postern.events.Event;

/** An event in a list. */
public record EventRow(String id, String description, String user, String mode, Instant createdAt) {
  static EventRow of(Event event) {
    return new EventRow(
        event.id().toString(),
        event.description(),
        event.user().toString(),
        event.mode().wireName(),
        event.createdAt());
  }
}
