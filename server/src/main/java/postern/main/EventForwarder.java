package postern.main;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import postern.webhooks.Signatures;

/** Sends events to a program on this machine as a webhook would get them. */
final class EventForwarder {
  private static final Duration TIMEOUT = Duration.ofSeconds(7);

  private final HttpClient client =
      HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NEVER).build();
  private final URI target;
  private final String secret;

  EventForwarder(URI target, String secret) {
    this.target = target;
    this.secret = secret;
  }

  /** Sends one; what came of it, in words. */
  String forward(String eventId, byte[] body) {
    long started = System.nanoTime();
    HttpRequest.Builder request =
        HttpRequest.newBuilder(target)
            .timeout(TIMEOUT)
            .header("Content-Type", "application/json")
            .header("User-Agent", "Postern/" + VersionCommand.version())
            .POST(BodyPublishers.ofByteArray(body));
    String path = target.getRawPath().isEmpty() ? "/" : target.getRawPath();
    String query = target.getRawQuery() == null ? "" : "?" + target.getRawQuery();
    Signatures.headers(List.of(secret), eventId, Instant.now(), path + query, body)
        .forEach(request::header);
    try {
      int status = client.send(request.build(), BodyHandlers.discarding()).statusCode();
      return "-> " + status + ", " + (System.nanoTime() - started) / 1_000_000 + " ms";
    } catch (IOException e) {
      return "-> " + target + " cannot be reached: " + e.getClass().getSimpleName();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "-> broken off";
    }
  }
}
