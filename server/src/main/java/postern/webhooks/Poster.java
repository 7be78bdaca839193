package postern.webhooks;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;

/**
 * Sends single requests to whoever asked for them: no redirects, no cookies, no second try, and
 * only to addresses that are allowed. Safe for many threads.
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
  private static final int HEADERS_MAX = 100;
  private static final Duration IDLE = Duration.ofSeconds(20);

  private final CloseableHttpClient client;
  private final Duration timeout;
  private final ScheduledExecutorService deadlines;

  /**
   * Makes the client.
   *
   * @param allowsPrivate whether requests may leave for addresses that are not public
   * @param timeout for a whole exchange
   * @param connectionsMax how many are kept at once
   */
  Poster(boolean allowsPrivate, Duration timeout, int connectionsMax) {
    this.timeout = timeout;
    this.deadlines = deadlines();
    Timeout limit = Timeout.of(timeout);
    this.client =
        HttpClients.custom()
            .setConnectionManager(
                PoolingHttpClientConnectionManagerBuilder.create()
                    .setDnsResolver(new CheckedResolver(allowsPrivate))
                    .setMaxConnTotal(connectionsMax)
                    .setMaxConnPerRoute(connectionsMax)
                    .setDefaultConnectionConfig(
                        ConnectionConfig.custom()
                            .setConnectTimeout(limit)
                            .setSocketTimeout(limit)
                            .build())
                    .build())
            .evictIdleConnections(TimeValue.of(IDLE))
            .disableRedirectHandling()
            .disableAutomaticRetries()
            .disableCookieManagement()
            .disableAuthCaching()
            .disableContentCompression()
            .build();
  }

  private static ScheduledExecutorService deadlines() {
    ScheduledThreadPoolExecutor executor =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("webhook deadlines").factory());
    executor.setRemoveOnCancelPolicy(true);
    return executor;
  }

  /** Sends a POST, and waits for the answer at most as long as the time-out says. */
  Outcome post(URI url, Map<String, String> headers, byte[] body) {
    long started = System.nanoTime();
    HttpPost request = new HttpPost(url);
    headers.forEach(request::setHeader);
    request.setEntity(new ByteArrayEntity(body, ContentType.APPLICATION_JSON));
    ScheduledFuture<?> deadline =
        deadlines.schedule(request::abort, timeout.toMillis(), TimeUnit.MILLISECONDS);
    try {
      return client.execute(request, response -> outcome(response, started));
    } catch (IOException e) {
      return new Outcome(0, Map.of(), problem(e, request), since(started));
    } finally {
      deadline.cancel(false);
    }
  }

  private static Outcome outcome(ClassicHttpResponse response, long started) throws IOException {
    Map<String, String> headers = new LinkedHashMap<>();
    for (Header header : response.getHeaders()) {
      if (headers.size() < HEADERS_MAX) {
        headers.merge(
            header.getName().toLowerCase(java.util.Locale.ROOT),
            String.valueOf(header.getValue()),
            (one, other) -> one + ", " + other);
      }
    }
    return new Outcome(response.getCode(), headers, firstOf(response), since(started));
  }

  private static String firstOf(ClassicHttpResponse response) throws IOException {
    if (response.getEntity() == null) {
      return "";
    }
    try (InputStream in = response.getEntity().getContent()) {
      byte[] first = in.readNBytes(BODY_BYTES_MAX);
      // PostgreSQL takes no NUL.
      return new String(first, StandardCharsets.UTF_8).replace('\0', '\uFFFD');
    }
  }

  private String problem(IOException e, HttpPost request) {
    if (request.isAborted()) {
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
    client.close(org.apache.hc.core5.io.CloseMode.IMMEDIATE);
  }

  /** Resolves names to addresses that are allowed: exactly these are connected to. */
  private record CheckedResolver(boolean allowsPrivate) implements DnsResolver {
    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
      InetAddress[] all = InetAddress.getAllByName(host);
      InetAddress[] allowed =
          Arrays.stream(all)
              .filter(address -> allowsPrivate || AddressRule.isPublic(address))
              .toArray(InetAddress[]::new);
      if (allowed.length == 0) {
        throw new UnknownHostException(
            "the host has no public address; webhooks.allow-private-targets is not set");
      }
      return allowed;
    }

    @Override
    public String resolveCanonicalHostname(String host) {
      return host;
    }
  }
}
