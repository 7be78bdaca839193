package postern.e2e;

import java.io.IOException;
import java.io.InputStream;
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
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import postern.json.Json;
import postern.json.JsonException;

/** One caller over plain HTTP. Safe for many threads. */
final class ApiClient {
  /** What came back. */
  record Reply(int status, String body, String retryAfter) {
    /** The value at a path of member names and indexes, such as {@code api_keys.0.key}. */
    @Nullable Object at(String path) {
      try {
        Object value = Json.parse(body.getBytes(StandardCharsets.UTF_8));
        for (String step : path.split("\\.", -1)) {
          Object holder = Objects.requireNonNull(value, path);
          value =
              holder instanceof List<?> list
                  ? list.get(Integer.parseInt(step))
                  : ((Map<?, ?>) holder).get(step);
        }
        return value;
      } catch (JsonException e) {
        throw new AssertionError("not JSON: " + body, e);
      }
    }

    String text(String path) {
      return String.valueOf(at(path));
    }

    List<?> list(String path) {
      return (List<?>) Objects.requireNonNull(at(path), path);
    }
  }

  private static final HttpClient HTTP =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(10))
          .build();

  private final String base;
  private final String key;

  ApiClient(String base, String key) {
    this.base = base;
    this.key = key;
  }

  Reply get(String path) throws IOException {
    return reply(request(path).GET().build());
  }

  /** A header of the answer to a GET. */
  String header(String path, String name) throws IOException {
    try {
      return HTTP.send(request(path).GET().build(), BodyHandlers.discarding())
          .headers()
          .firstValue(name)
          .orElse("");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  Reply post(String path, String json) throws IOException {
    return reply(
        request(path)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(json))
            .build());
  }

  /** A POST that can be sent again: it is carried out once. */
  Reply postOnce(String path, String json, String idempotencyKey) throws IOException {
    return reply(
        request(path)
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", idempotencyKey)
            .POST(BodyPublishers.ofString(json))
            .build());
  }

  Reply put(String path, String json) throws IOException {
    return reply(
        request(path)
            .header("Content-Type", "application/json")
            .PUT(BodyPublishers.ofString(json))
            .build());
  }

  /** Every child's keys, test first, by the child's id. */
  Map<String, List<String>> childKeys() throws IOException {
    Map<String, List<String>> children = new TreeMap<>();
    for (Object child : get("/v2/api_keys").list("children")) {
      Map<?, ?> members = (Map<?, ?>) child;
      List<String> keys =
          ((List<?>) Objects.requireNonNull(members.get("keys")))
              .stream().map(key -> String.valueOf(((Map<?, ?>) key).get("key"))).toList();
      children.put(String.valueOf(members.get("id")), keys);
    }
    return children;
  }

  /** The body of a GET while it arrives. */
  InputStream stream(String path) throws IOException {
    try {
      HttpResponse<InputStream> response =
          HTTP.send(
              request(path).timeout(Duration.ofMinutes(2)).GET().build(),
              BodyHandlers.ofInputStream());
      if (response.statusCode() != 200) {
        throw new AssertionError(path + " was answered with " + response.statusCode());
      }
      return response.body();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(base + path))
        .timeout(Duration.ofSeconds(30))
        .header("Authorization", basic(key));
  }

  /** The value of the header that names the caller. */
  static String basic(String key) {
    byte[] pair = (key + ":").getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(pair);
  }

  private static Reply reply(HttpRequest request) throws IOException {
    try {
      HttpResponse<String> response = HTTP.send(request, BodyHandlers.ofString());
      return new Reply(
          response.statusCode(),
          response.body(),
          response.headers().firstValue("Retry-After").orElse(""));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
