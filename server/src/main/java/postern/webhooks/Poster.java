package postern.webhooks;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.io.CloseMode;

/**
 * Sends single requests to receivers: no redirects, no cookies, only to addresses that are allowed,
 * within the limits of an {@link Exchange}. Safe for many threads.
 */
final class Poster implements AutoCloseable {
  /**
   * What came of an attempt.
   *
   * @param status 0 where no answer came
   * @param headers of the answer, names in lower case
   * @param body its first bytes, or a sentence that says why there is none
   */
  record Outcome(int status, Map<String, String> headers, String body, Duration took) {
    boolean isSuccess() {
      return status >= 200 && status < 300;
    }
  }

  private static final int BODY_BYTES_MAX = 16 * 1_024;

  private final CloseableHttpClient keeping;
  private final CloseableHttpClient fresh;
  private final Duration timeout;
  private final ScheduledExecutorService deadlines;

  /**
   * Makes the clients.
   *
   * @param allowsPrivate whether requests may leave for addresses that are not public
   * @param timeout for a whole exchange
   * @param connectionsMax how many are kept at once
   */
  Poster(boolean allowsPrivate, Duration timeout, int connectionsMax) {
    this.timeout = timeout;
    this.deadlines = deadlines();
    Clients clients = new Clients(new AllowedAddresses(allowsPrivate), timeout, connectionsMax);
    this.keeping = clients.keeping();
    this.fresh = clients.fresh();
  }

  private static ScheduledExecutorService deadlines() {
    ScheduledThreadPoolExecutor executor =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("webhook deadlines").factory());
    executor.setRemoveOnCancelPolicy(true);
    return executor;
  }

  /**
   * Sends a POST, and waits for the answer at most as long as the time-out says. Where a kept
   * connection turns out to be closed, the request is sent once more on a new one. The receiver may
   * have taken the first too: deliveries come at least once, both under the same ID.
   */
  Outcome post(URI url, Map<String, String> headers, byte[] body) {
    long started = System.nanoTime();
    Exchange exchange = new Exchange();
    ScheduledFuture<?> deadline =
        deadlines.schedule(exchange::expire, timeout.toMillis(), TimeUnit.MILLISECONDS);
    try {
      return ScopedValue.where(Exchange.CURRENT, exchange)
          .call(() -> send(exchange, url, headers, body, started));
    } catch (IOException e) {
      return new Outcome(0, Map.of(), problem(e, exchange), since(started));
    } finally {
      deadline.cancel(false);
    }
  }

  private Outcome send(
      Exchange exchange, URI url, Map<String, String> headers, byte[] body, long started)
      throws IOException {
    try {
      return send(keeping, exchange.begin(request(url, headers, body)), started);
    } catch (IOException e) {
      if (!exchange.metStaleConnection(e)) {
        throw e;
      }
    }
    return send(fresh, exchange.begin(request(url, headers, body)), started);
  }

  private static HttpPost request(URI url, Map<String, String> headers, byte[] body) {
    HttpPost request = new HttpPost(url);
    headers.forEach(request::setHeader);
    request.setEntity(new ByteArrayEntity(body, ContentType.APPLICATION_JSON));
    return request;
  }

  private static Outcome send(CloseableHttpClient client, HttpPost request, long started)
      throws IOException {
    HttpHost host = new HttpHost(request.getScheme(), request.getAuthority());
    try {
      return outcome(client.executeOpen(host, request, null), started);
    } finally {
      // Closes the connection of an answer that was not read to its end, which the client would
      // read on. The connection of a complete answer has gone back to those that are kept.
      request.abort();
    }
  }

  private static Outcome outcome(ClassicHttpResponse response, long started) throws IOException {
    Map<String, String> headers = new LinkedHashMap<>();
    for (Header header : response.getHeaders()) {
      headers.merge(
          header.getName().toLowerCase(Locale.ROOT),
          String.valueOf(header.getValue()).replace('\0', '\uFFFD'),
          (one, other) -> one + ", " + other);
    }
    return new Outcome(response.getCode(), headers, firstOf(response), since(started));
  }

  private static String firstOf(ClassicHttpResponse response) throws IOException {
    if (response.getEntity() == null) {
      return "";
    }
    InputStream in = response.getEntity().getContent();
    // One byte more tells the client that a body of just this length has ended.
    byte[] first = in.readNBytes(BODY_BYTES_MAX + 1);
    byte[] kept = Arrays.copyOf(first, Math.min(first.length, BODY_BYTES_MAX));
    // PostgreSQL takes no NUL.
    return new String(kept, StandardCharsets.UTF_8).replace('\0', '\uFFFD');
  }

  private String problem(IOException e, Exchange exchange) {
    if (exchange.isExpired()) {
      return "no answer within " + timeout.toSeconds() + " seconds";
    }
    String message = String.valueOf(e.getMessage()).replace('\0', '\uFFFD');
    return e.getClass().getSimpleName()
        + ": "
        + message.substring(0, Math.min(500, message.length()));
  }

  private static Duration since(long started) {
    return Duration.ofNanos(System.nanoTime() - started);
  }

  @Override
  public void close() {
    deadlines.shutdownNow();
    keeping.close(CloseMode.IMMEDIATE);
    fresh.close(CloseMode.IMMEDIATE);
  }
}
