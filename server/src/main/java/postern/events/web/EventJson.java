package postern.events.web;

import java.util.List;
import java.util.Locale;
import postern.events.Event;
import postern.events.EventBody;
import postern.events.Events;
import postern.events.Progress;
import postern.json.JsonOut;

/** The JSON of an event, in the orders of members that EasyPost uses. */
public final class EventJson {
  private EventJson() {}

  /** In lists. */
  static void writeListed(JsonOut out, Events.Tracked tracked) {
    Event event = tracked.event();
    out.startObject().text("description", event.description()).text("id", event.id());
    out.text("user_id", event.user()).text("status", statusOf(tracked.progress()));
    out.text("created_at", EventBody.MILLISECONDS.format(event.createdAt()));
    out.text("mode", event.mode().wireName()).text("object", "Event").endObject();
  }

  /** By itself. */
  static void write(JsonOut out, Events.Tracked tracked) {
    Event event = tracked.event();
    Progress progress = tracked.progress();
    out.startObject();
    writeHead(out, event);
    writeUrls(out, progress.pendingUrls(), progress.completedUrls());
    out.text("updated_at", EventBody.MILLISECONDS.format(progress.updatedAt()));
    writeTail(out, event, statusOf(progress));
    out.endObject();
  }

  private static void writeHead(JsonOut out, Event event) {
    out.text("description", event.description()).text("mode", event.mode().wireName());
    out.json("previous_attributes", event.previousAttributes());
    out.text("created_at", EventBody.MILLISECONDS.format(event.createdAt()));
  }

  private static void writeUrls(JsonOut out, List<String> pending, List<String> completed) {
    out.startArray("pending_urls");
    pending.forEach(out::element);
    out.endArray().startArray("completed_urls");
    completed.forEach(out::element);
    out.endArray();
  }

  private static void writeTail(JsonOut out, Event event, String status) {
    out.text("id", event.id()).text("user_id", event.user()).text("status", status);
    out.text("object", "Event");
  }

  private static String statusOf(Progress progress) {
    return progress.status().name().toLowerCase(Locale.ROOT);
  }
}
