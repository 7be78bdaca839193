package postern.events;

import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.List;
import java.util.Locale;
import postern.json.JsonOut;

/**
 * An event as it is delivered, with the object that it is about, in EasyPost's order of members.
 */
public final class EventBody {
  /** How the moments of events are written: with milliseconds, in UTC. */
  public static final DateTimeFormatter MILLISECONDS =
      new DateTimeFormatterBuilder().appendInstant(3).toFormatter(Locale.ROOT);

  private EventBody() {}

  /**
   * Writes it.
   *
   * @param pendingUrls where it is being delivered
   */
  public static void write(JsonOut out, Event event, List<String> pendingUrls) {
    String at = MILLISECONDS.format(event.createdAt());
    out.startObject().text("description", event.description());
    out.text("mode", event.mode().wireName());
    out.json("previous_attributes", event.previousAttributes()).text("created_at", at);
    out.startArray("pending_urls");
    pendingUrls.forEach(out::element);
    out.endArray().startArray("completed_urls").endArray().text("updated_at", at);
    out.text("id", event.id()).text("user_id", event.user()).text("status", "pending");
    out.text("object", "Event").json("result", event.result()).endObject();
  }
}
