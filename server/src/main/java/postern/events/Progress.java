package postern.events;

import java.time.Instant;
import java.util.List;

/**
 * What has become of an event's deliveries.
 *
 * @param pendingUrls where it is still to be delivered
 * @param completedUrls where it was
 * @param updatedAt when the last of this changed
 */
public record Progress(
    Status status, List<String> pendingUrls, List<String> completedUrls, Instant updatedAt) {
  /** The words on the wire. */
  public enum Status {
    /** Something is still to be delivered, or nobody has asked for the event. */
    PENDING,
    COMPLETED,
    /** A delivery was given up. */
    FAILED;

    /** Its name on the wire. */
    public String wireName() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /** Of an event that nobody is to get. */
  static Progress of(Event event) {
    return new Progress(Status.PENDING, List.of(), List.of(), event.createdAt());
  }
}
