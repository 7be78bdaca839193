package postern.http;

import io.helidon.common.tls.Tls;
import io.helidon.http.DirectHandler;
import io.helidon.http.DirectHandler.EventType;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.DirectHandlers;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http1.Http1Config;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import postern.core.ErrorCode;
import postern.core.IpRange;
import postern.core.Origin;

/**
 * The listeners: the API on HTTP and on HTTPS, and the operator's port beside them. Safe for many
 * threads.
 */
public final class HttpServer implements AutoCloseable {
  /**
   * Where to listen, and the limits.
   *
   * @param bind the address of the API's two ports
   * @param adminBind the address of the operator's port
   * @param httpPort the plain port; 0 picks a free one
   * @param httpsPort the TLS port; 0 picks a free one
   * @param adminPort the operator's port; 0 picks a free one
   * @param bodyBytesMax the largest request body
   * @param headerBytesMax the largest request head
   * @param trustedProxies the addresses of the proxies that are believed in who they speak for
   * @param connectionsMax how many connections each port holds at once
   * @param readTimeout how long a connection may send nothing, within a request and between two
   * @param headTimeout how long a TLS handshake and the first head together may take, and each
   *     later head
   * @param bodyBytesPerSecondMin how fast a body must come
   * @param formBytesMax the largest form, and the largest body where no key is asked for
   * @param memoryBytesMax what all connections may take together of the heap
   * @param memoryShareBytesMax what one address, or one family, may take of that
   * @param connectionsPerAddressMax how many connections one address may hold
   * @param drainTimeout how long requests in flight may take to end at a stop
   */
  public record Settings(
      InetAddress bind,
      InetAddress adminBind,
      int httpPort,
      int httpsPort,
      int adminPort,
      int bodyBytesMax,
      int headerBytesMax,
      List<IpRange> trustedProxies,
      int connectionsMax,
      Duration readTimeout,
      Duration headTimeout,
      int bodyBytesPerSecondMin,
      int formBytesMax,
      long memoryBytesMax,
      long memoryShareBytesMax,
      int connectionsPerAddressMax,
      Duration drainTimeout) {
    private MemoryBudget.Limits memory() {
      return new MemoryBudget.Limits(
          memoryBytesMax, memoryShareBytesMax, connectionsMax, connectionsPerAddressMax);
    }
  }

  /** The operator's own requests are not counted, and ask for no key. */
  private static final RequestObserver NOBODY =
      new RequestObserver() {
        @Override
        public void answered(String route, int status, long nanos) {}

        @Override
        public void refused(Instant at, String route, String errorCode, Origin origin) {}
      };

  private static final int NO_PORT = -1;
  private static final int REQUEST_LINE_BYTES_MAX = 8 * 1_024;

  // Helidon's buffers, the thread's stack and the objects of a request: estimated from their sizes.
  private static final long CONNECTION_BYTES = 28 * 1_024;

  /** Four buffers of a TLS record each come to it, and the state of the engine. */
  private static final long TLS_CONNECTION_BYTES = 128 * 1_024;

  /** What the operator's port may take, however much callers take. */
  private static final MemoryBudget.Limits ADMIN_MEMORY =
      new MemoryBudget.Limits(8L * 1_024 * 1_024, 8L * 1_024 * 1_024, 256, 256);

  /** What the framing of a body in chunks may add to it, if the chunks are not absurdly small. */
  private static final int FRAMING_BYTES_MAX = 1_024 * 1_024;

  // One server for each port: the listeners of a single one are stopped one after the other, so
  // that the last would still take requests while the first waits for its own to end.
  private final Port http;
  private final Optional<Port> https;
  private final Port admin;

  private HttpServer(Port http, Optional<Port> https, Port admin) {
    this.http = http;
    this.https = https;
    this.admin = admin;
  }

  /**
   * Starts listening.
   *
   * @param tls the server's certificate; without it there is no HTTPS port
   * @param api the routes of the API's ports
   * @param admin the routes of the operator's port; they ask for no key
   * @param errorPage what a browser is shown that has asked for a page
   */
  public static HttpServer start(
      Settings settings,
      Optional<SSLContext> tls,
      Routes api,
      Routes admin,
      ErrorPage errorPage,
      Guards guards,
      InstantSource clock) {
    Pipeline apiPipeline = new Pipeline(api, guards, Optional.of(errorPage), clock, settings);
    Guards unguarded =
        new Guards(
            LoadShedder.NEVER,
            guards.lists(),
            guards.authenticator(),
            RateLimiter.NONE,
            Idempotency.NONE,
            NOBODY,
            StrictBodies.NONE);
    Pipeline adminPipeline = new Pipeline(admin, unguarded, Optional.empty(), clock, settings);
    MemoryBudget budget = new MemoryBudget(settings.memory());
    List<Port> started = new ArrayList<>();
    try {
      started.add(
          listen(
              settings,
              settings.bind(),
              settings.httpPort(),
              budget,
              apiPipeline,
              Optional.empty(),
              clock));
      started.add(
          listen(
              settings,
              settings.adminBind(),
              settings.adminPort(),
              new MemoryBudget(ADMIN_MEMORY),
              adminPipeline,
              Optional.empty(),
              clock));
      Optional<Port> https =
          tls.map(
              _ ->
                  listen(
                      settings,
                      settings.bind(),
                      settings.httpsPort(),
                      budget,
                      apiPipeline,
                      tls,
                      clock));
      return new HttpServer(started.getFirst(), https, started.getLast());
    } catch (RuntimeException e) {
      started.forEach(Port::stop);
      throw e;
    }
  }

  /** A listener and who closes its silent connections. */
  private record Port(WebServer server, ConnectionWatch watch) {
    int number() {
      return server.port();
    }

    void stop() {
      server.stop();
      watch.close();
    }
  }

  private static Port listen(
      Settings settings,
      InetAddress bind,
      int port,
      MemoryBudget budget,
      Pipeline pipeline,
      Optional<SSLContext> tls,
      InstantSource clock) {
    int headBytesMax = REQUEST_LINE_BYTES_MAX + settings.headerBytesMax();
    ConnectionWatch watch =
        new ConnectionWatch(
            new Watched.Patience(
                settings.readTimeout(),
                settings.headTimeout(),
                settings.bodyBytesPerSecondMin(),
                headBytesMax + settings.bodyBytesMax() + FRAMING_BYTES_MAX),
            budget,
            new ClientAddress(settings.trustedProxies())::isTrusted,
            tls.isPresent() ? TLS_CONNECTION_BYTES : CONNECTION_BYTES,
            REQUEST_LINE_BYTES_MAX,
            headBytesMax);
    var server =
        WebServer.builder()
            .shutdownHook(false)
            .directHandlers(directHandlers(clock, tls.isPresent()))
            .address(bind)
            .port(port)
            // The pipeline refuses long bodies, in the envelope, and does not read on.
            .maxPayloadSize(-1)
            // The budget counts them: Helidon would keep the next one waiting, whoever it is.
            .maxTcpConnections(-1)
            // This one would cut an answer that takes longer; silence is the watch's.
            .idleConnectionTimeout(Duration.ofDays(1))
            .shutdownGracePeriod(settings.drainTimeout())
            .connectionOptions(watch.socketOptions())
            .protocolsDiscoverServices(false)
            .addConnectionSelector(
                watch.selector(
                    Http1Config.builder()
                        .maxHeadersSize(2 * headBytesMax)
                        .maxPrologueLength(REQUEST_LINE_BYTES_MAX)
                        // Paths that cannot be read are answered by our own 404, in the envelope.
                        .validatePath(false)
                        // AnswerSender looks at those that may hold what somebody else wrote.
                        .validateResponseHeaders(false)
                        .build()))
            .routing(HttpRouting.builder().any(pipeline));
    tls.ifPresent(
        context ->
            server.tls(
                Tls.builder().sslContext(context).enabledCipherSuites(suitesOf(context)).build()));
    try {
      return new Port(server.build().start(), watch);
    } catch (RuntimeException e) {
      watch.close();
      throw e;
    }
  }

  /** Those of the JDK's own choice that authenticate what they encrypt (RFC 7366 tells why). */
  private static List<String> suitesOf(SSLContext context) {
    return Stream.of(context.getDefaultSSLParameters().getCipherSuites())
        .filter(suite -> suite.contains("_GCM_") || suite.contains("_CHACHA20_"))
        .filter(suite -> !suite.startsWith("TLS_RSA_"))
        .toList();
  }

  /** Failures before routing get the same envelope as all others. */
  private static DirectHandlers directHandlers(InstantSource clock, boolean secure) {
    DirectHandler handler =
        (request, event, status, headers, message) -> {
          // Nothing of this server has run: what fails here is how the request was written.
          ErrorCode code =
              event == EventType.INTERNAL_ERROR
                  ? ErrorCode.BAD_REQUEST
                  : ErrorAnswers.codeOf(status.code());
          String requestId = RequestId.next(clock.instant());
          CommonHeaders.addTo(headers, secure, requestId, 0);
          Content.OfBytes body =
              ErrorAnswers.bodyOf(code, List.of(), ErrorAnswers.wantsProblem(request.headers()));
          headers.set(HeaderValues.create(HeaderNames.CONTENT_TYPE, body.type()));
          RequestLog.write(
              "unread", code.status(), Optional.of(code.code()), Optional.empty(), 0, 0, requestId);
          return DirectHandler.TransportResponse.builder()
              .status(io.helidon.http.Status.create(code.status()))
              .headers(headers)
              .keepAlive(false)
              .entity(body.bytes())
              .build();
        };
    DirectHandlers.Builder handlers = DirectHandlers.builder();
    for (EventType event : EventType.values()) {
      handlers.addHandler(event, handler);
    }
    return handlers.build();
  }

  public int httpPort() {
    return http.number();
  }

  /** The TLS port; -1 where there is none. */
  public int httpsPort() {
    return https.map(Port::number).orElse(NO_PORT);
  }

  public int adminPort() {
    return admin.number();
  }

  /** Stops listening, lets requests in flight end within the drain time-out, closes the rest. */
  @Override
  public void close() {
    List<Thread> stops = new ArrayList<>();
    Stream.concat(Stream.of(http, admin), https.stream())
        .forEach(port -> stops.add(Thread.ofVirtual().start(port::stop)));
    for (Thread stop : stops) {
      join(stop);
    }
  }

  private static void join(Thread stop) {
    try {
      stop.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
