package postern.http;

import io.helidon.common.tls.Tls;
import io.helidon.http.DirectHandler;
import io.helidon.http.DirectHandler.EventType;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.webserver.ListenerConfig;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.DirectHandlers;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http1.Http1Config;
import java.net.InetAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import postern.core.ErrorCode;
import postern.json.Json;

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
   * @param connectionsMax how many connections each port holds at once
   * @param readTimeout how long a started request may send nothing
   * @param idleTimeout after how long a connection without a request is closed
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
      int connectionsMax,
      Duration readTimeout,
      Duration idleTimeout,
      Duration drainTimeout) {}

  private static final String HTTPS = "https";
  private static final String ADMIN = "admin";
  private static final int REQUEST_LINE_BYTES_MAX = 8 * 1_024;

  private final WebServer server;

  private HttpServer(WebServer server) {
    this.server = server;
  }

  /**
   * Starts listening.
   *
   * @param tls the server's certificate; without it there is no HTTPS port
   * @param api the routes of the API's ports
   * @param admin the routes of the operator's port; they ask for no key
   */
  public static HttpServer start(
      Settings settings,
      Optional<SSLContext> tls,
      Routes api,
      Routes admin,
      Authenticator authenticator,
      RequestObserver observer,
      InstantSource clock) {
    Pipeline apiPipeline =
        new Pipeline(api, authenticator, observer, clock, settings.bodyBytesMax());
    Pipeline adminPipeline =
        new Pipeline(
            admin, authenticator, (route, status, nanos) -> {}, clock, settings.bodyBytesMax());
    var server =
        WebServer.builder()
            .shutdownHook(false)
            .directHandlers(directHandlers(clock, false))
            .putSocket(
                ADMIN,
                admins ->
                    listener(admins, settings, adminPipeline)
                        .directHandlers(directHandlers(clock, false))
                        .address(settings.adminBind())
                        .port(settings.adminPort()));
    listener(server, settings, apiPipeline).address(settings.bind()).port(settings.httpPort());
    tls.ifPresent(
        context ->
            server.putSocket(
                HTTPS,
                https ->
                    listener(https, settings, apiPipeline)
                        .directHandlers(directHandlers(clock, true))
                        .address(settings.bind())
                        .port(settings.httpsPort())
                        .tls(Tls.builder().sslContext(context).build())));
    return new HttpServer(server.build().start());
  }

  private static <B extends ListenerConfig.BuilderBase<B, ?>> B listener(
      B listener, Settings settings, Pipeline pipeline) {
    return listener
        .maxPayloadSize(settings.bodyBytesMax())
        .maxTcpConnections(settings.connectionsMax())
        .idleConnectionTimeout(settings.idleTimeout())
        .shutdownGracePeriod(settings.drainTimeout())
        .connectionOptions(socket -> socket.readTimeout(settings.readTimeout()).tcpNoDelay(true))
        .protocolsDiscoverServices(false)
        .addProtocol(
            Http1Config.builder()
                .maxHeadersSize(settings.headerBytesMax())
                .maxPrologueLength(REQUEST_LINE_BYTES_MAX)
                // Paths that cannot be read are answered by our own 404, in the envelope.
                .validatePath(false)
                .build())
        .routing(HttpRouting.builder().any(pipeline));
  }

  /** Failures before routing get the same envelope as all others. */
  private static DirectHandlers directHandlers(InstantSource clock, boolean secure) {
    DirectHandler handler =
        (request, event, status, headers, message) -> {
          ErrorCode code = ErrorAnswers.codeOf(status.code());
          String requestId = RequestId.next(clock.instant());
          CommonHeaders.addTo(headers, secure, requestId, 0);
          headers.set(HeaderValues.create(HeaderNames.CONTENT_TYPE, Answer.JSON));
          RequestLog.write(
              "unread", code.status(), Optional.of(code.code()), Optional.empty(), 0, 0, requestId);
          return DirectHandler.TransportResponse.builder()
              .status(io.helidon.http.Status.create(code.status()))
              .headers(headers)
              .keepAlive(false)
              .entity(Json.bytes(ErrorAnswers.envelope(code, List.of())))
              .build();
        };
    DirectHandlers.Builder handlers = DirectHandlers.builder();
    for (EventType event : EventType.values()) {
      handlers.addHandler(event, handler);
    }
    return handlers.build();
  }

  public int httpPort() {
    return server.port();
  }

  /** The TLS port; -1 where there is none. */
  public int httpsPort() {
    return server.port(HTTPS);
  }

  public int adminPort() {
    return server.port(ADMIN);
  }

  /** Stops listening, lets requests in flight end within the drain time-out, closes the rest. */
  @Override
  public void close() {
    server.stop();
  }
}
