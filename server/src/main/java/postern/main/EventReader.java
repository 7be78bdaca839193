package postern.main;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import postern.json.Json;
import postern.json.JsonException;

/** Follows the feed of a server with one key, and prints what comes. */
final class EventReader implements Runnable {
  private static final Duration TIMEOUT = Duration.ofSeconds(45);
  private static final long PAUSE_MS = 1_000;
  private static final int WAIT_SECONDS = 30;

  private final HttpClient client = HttpClient.newHttpClient();
  private final URI server;
  private final String key;
  private final Optional<EventForwarder> forwarder;
  private final PrintWriter out;
  private String cursor;
  private boolean isLost;
  private volatile boolean stopped;

  EventReader(
      URI server, String key, String cursor, Optional<EventForwarder> forwarder, PrintWriter out) {
    this.server = server;
    this.key = key;
    this.cursor = cursor;
    this.forwarder = forwarder;
    this.out = out;
  }

  URI server() {
    return server;
  }

  void stop() {
    stopped = true;
    client.shutdownNow();
  }

  @Override
  public void run() {
    while (!stopped) {
      try {
        read();
      } catch (IOException e) {
        lost(String.valueOf(e.getMessage()));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private void read() throws IOException, InterruptedException {
    String query =
        "/v2/events/feed?wait="
            + WAIT_SECONDS
            + "&after="
            + URLEncoder.encode(cursor, StandardCharsets.UTF_8);
    HttpRequest request =
        HttpRequest.newBuilder(server.resolve(query))
            .timeout(TIMEOUT)
            .header("Authorization", "Bearer " + key)
            .build();
    HttpResponse<byte[]> response = client.send(request, BodyHandlers.ofByteArray());
    Map<?, ?> body = parsed(response.body());
    if (response.statusCode() != 200) {
      lost("it answered " + response.statusCode() + " " + body.get("error"));
      return;
    }
    if (isLost) {
      isLost = false;
      say("The server answers again.");
    }
    ((List<?>) java.util.Objects.requireNonNull(body.get("events")))
        .forEach(event -> show((Map<?, ?>) java.util.Objects.requireNonNull(event)));
    cursor = String.valueOf(body.get("cursor"));
  }

  private void show(Map<?, ?> event) {
    String id = String.valueOf(event.get("id"));
    // Written out again member by member, so these are the bytes that a webhook gets.
    byte[] body = Json.bytes(json -> json.value(event));
    String outcome = forwarder.map(each -> "  " + each.forward(id, body)).orElse("");
    say(
        "%s  %-10s  %-18s  %s  %s%s"
            .formatted(
                event.get("created_at"),
                event.get("mode"),
                event.get("description"),
                event.get("user_id"),
                id,
                outcome));
  }

  private void lost(String why) {
    if (stopped) {
      return;
    }
    if (!isLost) {
      isLost = true;
      say("The server at " + server + " cannot be read (" + why + "); trying again.");
    }
    try {
      Thread.sleep(PAUSE_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      stopped = true;
    }
  }

  private static Map<?, ?> parsed(byte[] body) throws IOException {
    try {
      return Json.parse(body) instanceof Map<?, ?> members ? members : Map.of();
    } catch (JsonException e) {
      throw new IOException("its answer is not JSON", e);
    }
  }

  private void say(String line) {
    synchronized (out) {
      out.println(line);
      out.flush();
    }
  }
}
