package postern.main;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import postern.json.Json;
import postern.json.JsonException;

/** Sends requests as one caller, over plain HTTP and without any cleverness. */
public final class TestClient {
  /** What came back. */
  public record Reply(HttpResponse<String> response) {
    public int status() {
      return response.statusCode();
    }

    public String body() {
      return response.body();
    }

    public String header(String name) {
      return response.headers().firstValue(name).orElse("");
    }

    /** The body as JSON: {@link Map}, {@link List}, text, number, flag or null. */
    public @Nullable Object json() {
      try {
        return Json.parse(body().getBytes(StandardCharsets.UTF_8));
      } catch (JsonException e) {
        throw new AssertionError("not JSON: " + body(), e);
      }
    }

    /** The value at a path of member names and indexes, such as {@code api_keys.0.key}. */
    public @Nullable Object at(String path) {
      Object value = json();
      for (String step : path.split("\\.", -1)) {
        value =
            value instanceof List<?> list
                ? list.get(Integer.parseInt(step))
                : ((Map<?, ?>) java.util.Objects.requireNonNull(value, path)).get(step);
      }
      return value;
    }

    /** The text at a path. */
    public String text(String path) {
      return String.valueOf(at(path));
    }

    /** The elements at a path. */
    public List<?> list(String path) {
      return (List<?>) java.util.Objects.requireNonNull(at(path), path);
    }

    /** The code of the error envelope. */
    public String errorCode() {
      return text("error.code");
    }
  }

  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  private final HttpClient client;
  private final String base;
  private final @Nullable String key;

  TestClient(HttpClient client, String base, @Nullable String key) {
    this.client = client;
    this.base = base;
    this.key = key;
  }

  public Reply get(String path) {
    return send("GET", path, null, null, Map.of());
  }

  public Reply post(String path, @Nullable String json) {
    return send("POST", path, json == null ? null : "application/json", json, Map.of());
  }

  public Reply put(String path, @Nullable String json) {
    return send("PUT", path, json == null ? null : "application/json", json, Map.of());
  }

  public Reply patch(String path, @Nullable String json) {
    return send("PATCH", path, json == null ? null : "application/json", json, Map.of());
  }

  public Reply delete(String path) {
    return send("DELETE", path, null, null, Map.of());
  }

  /** Any request at all. */
  public Reply send(
      String method,
      String path,
      @Nullable String contentType,
      @Nullable String body,
      Map<String, String> headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(base + path))
            .timeout(TIMEOUT)
            .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    if (contentType != null) {
      request.header("Content-Type", contentType);
    }
    if (key != null) {
      String pair =
          Base64.getEncoder().encodeToString((key + ":").getBytes(StandardCharsets.UTF_8));
      request.header("Authorization", "Basic " + pair);
    }
    headers.forEach(request::setHeader);
    try {
      return new Reply(client.send(request.build(), BodyHandlers.ofString()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
