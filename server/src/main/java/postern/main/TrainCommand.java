package postern.main;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Comparator;
import java.util.Map;
import java.util.Objects;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import postern.config.Config;
import postern.json.Json;
import postern.json.JsonException;

/**
 * {@code postern train}: what the build runs to record an AOT cache. A whole server starts on a
 * directory of its own, answers some of everything, and stops.
 */
@Command(name = "train", description = "Run for the recording of an AOT cache.", hidden = true)
final class TrainCommand implements Runnable {
  /** Rounds in which some of everything is asked for. */
  private static final int ROUNDS = 30;

  /**
   * Rounds of what is asked for most: as many as the compilers need to learn from, because what
   * they learn goes into the cache, and a new server need not begin with measuring itself.
   */
  private static final int COMMON_ROUNDS = 700;

  private static final String UNLIMITED = "1000000/s";
  private static final String CHILD = "{\"user\":{\"name\":\"Child\"}}";
  private static final int TIMEOUT_MS = 10_000;

  @Override
  public void run() {
    Log.install(System.err, Level.WARNING);
    Path dataDir = newDirectory();
    try {
      for (int start = 0; start < 2; start++) {
        train(dataDir);
      }
    } finally {
      delete(dataDir);
    }
  }

  private static void train(Path dataDir) {
    Config config =
        Config.load(
            dataDir,
            Map.of(),
            Map.of(
                "http.port", "0",
                "https.port", "0",
                "admin.port", "0",
                "limits.key", UNLIMITED,
                "limits.family", UNLIMITED,
                "limits.reads", UNLIMITED,
                "limits.writes", UNLIMITED,
                "limits.index", UNLIMITED,
                "limits.secrets", UNLIMITED));
    try (RunningServer running = RunningServer.start(dataDir, config, text -> {})) {
      DevAccount account = DevAccount.openOrCreate(dataDir, running.app().services());
      String http = "http://127.0.0.1:" + running.app().server().httpPort();
      String admin = "http://127.0.0.1:" + running.app().server().adminPort();
      if (DevWelcome.text(running, account).isEmpty()) {
        throw new IllegalStateException("the welcome is empty");
      }
      for (int round = 0; round < ROUNDS; round++) {
        expect(201, "POST", http + "/v2/users", account, CHILD);
        expect(200, "GET", http + "/v2/users", account, null);
        expect(200, "GET", http + "/v2/users/children?page_size=5", account, null);
        expect(200, "GET", http + "/v2/api_keys", account, null);
        expect(200, "GET", http + "/v2/users/" + account.user() + "/brand", account, null);
        expect(200, "PUT", http + "/v2/users", account, "{\"name\":\"Trained\"}");
        expect(404, "GET", http + "/v2/nothing", account, null);
        expect(200, "GET", http + "/log-in", account, null);
        expect(200, "GET", admin + "/health/ready", account, null);
      }
      String child = idOf(expect(201, "POST", http + "/v2/users", account, CHILD));
      for (int round = 0; round < COMMON_ROUNDS; round++) {
        expect(201, "POST", http + "/v2/users", account, CHILD);
        expect(200, "GET", http + "/v2/users/" + child, account, null);
        // What serves a connection is called once for each, so that there must be many of them.
        expect(200, "GET", http + "/v2/users/children?page_size=20", account, null, "close");
      }
      expect(200, "GET", admin + "/metrics", account, null);
      expect(200, "GET", http + "/openapi.json", account, null);
    }
  }

  private static String idOf(byte[] user) {
    try {
      return String.valueOf(((Map<?, ?>) Objects.requireNonNull(Json.parse(user))).get("id"));
    } catch (JsonException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] expect(
      int status, String method, String url, DevAccount account, @Nullable String body) {
    return expect(status, method, url, account, body, "keep-alive");
  }

  /** Asks, and returns what was answered. */
  private static byte[] expect(
      int status,
      String method,
      String url,
      DevAccount account,
      @Nullable String body,
      String connectionAfterwards) {
    try {
      HttpURLConnection connection = (HttpURLConnection) URI.create(url).toURL().openConnection();
      connection.setConnectTimeout(TIMEOUT_MS);
      connection.setReadTimeout(TIMEOUT_MS);
      connection.setRequestMethod(method);
      String pair = account.productionKey() + ":";
      connection.setRequestProperty(
          "Authorization",
          "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.US_ASCII)));
      connection.setRequestProperty("Connection", connectionAfterwards);
      if (body != null) {
        connection.setDoOutput(true);
        connection.setRequestProperty("Content-Type", "application/json");
        connection.getOutputStream().write(body.getBytes(StandardCharsets.UTF_8));
      }
      int answered = connection.getResponseCode();
      if (answered != status) {
        throw new IllegalStateException(method + " " + url + " answered " + answered);
      }
      InputStream answer = status < 400 ? connection.getInputStream() : connection.getErrorStream();
      return answer.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path newDirectory() {
    try {
      return Files.createTempDirectory("postern-train-");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path directory) {
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
