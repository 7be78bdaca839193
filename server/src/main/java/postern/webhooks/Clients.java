package postern.webhooks;

import java.io.IOException;
import java.net.Proxy;
import java.net.Socket;
import java.time.Duration;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SchemePortResolver;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.DefaultHttpClientConnectionOperator;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.io.DetachedSocketFactory;
import org.apache.hc.client5.http.io.HttpClientConnectionOperator;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.URIScheme;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.config.RegistryBuilder;
import org.apache.hc.core5.http.impl.io.HttpRequestExecutor;
import org.apache.hc.core5.http.io.HttpClientConnection;
import org.apache.hc.core5.http.io.HttpResponseInformationCallback;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * Makes the HTTP clients of deliveries, whose connections count for an {@link Exchange}.
 *
 * @param addresses where a name may lead
 * @param timeout for a whole exchange
 * @param connectionsMax open at once, for each client
 */
record Clients(DnsResolver addresses, Duration timeout, int connectionsMax) {
  private static final int HEADERS_MAX = 100;
  private static final int HEADER_BYTES_MAX = 8 * 1_024;
  private static final Duration IDLE = Duration.ofSeconds(20);

  /** A connection that was idle for longer is looked at before it is used again. */
  private static final Duration TRUSTED = Duration.ofMillis(100);

  /** So that the second address of a receiver is tried in time where the first is silent. */
  private static final int CONNECTS_IN_TIME = 3;

  /** A client that keeps connections for the next request. */
  CloseableHttpClient keeping() {
    return client().evictIdleConnections(TimeValue.of(IDLE)).build();
  }

  /** A client that makes a connection for every request. */
  CloseableHttpClient fresh() {
    return client().setConnectionReuseStrategy((request, response, context) -> false).build();
  }

  private HttpClientBuilder client() {
    Http1Config limits =
        Http1Config.custom()
            .setMaxHeaderCount(HEADERS_MAX)
            .setMaxLineLength(HEADER_BYTES_MAX)
            .build();
    return HttpClients.custom()
        .setConnectionManager(
            new MeteredConnections()
                .setDnsResolver(addresses)
                .setConnectionFactory(
                    ManagedHttpClientConnectionFactory.builder().http1Config(limits).build())
                .setMaxConnTotal(connectionsMax)
                .setMaxConnPerRoute(connectionsMax)
                .setDefaultConnectionConfig(
                    ConnectionConfig.custom()
                        .setConnectTimeout(Timeout.of(timeout.dividedBy(CONNECTS_IN_TIME)))
                        .setSocketTimeout(Timeout.of(timeout))
                        .setValidateAfterInactivity(TimeValue.of(TRUSTED))
                        .build())
                .build())
        .setRequestExecutor(new CountingExecutor())
        .disableRedirectHandling()
        .disableAutomaticRetries()
        .disableCookieManagement()
        .disableAuthCaching()
        .disableContentCompression();
  }

  /** Connections over sockets that count what they read. */
  private static final class MeteredConnections extends PoolingHttpClientConnectionManagerBuilder {
    @Override
    protected HttpClientConnectionOperator createConnectionOperator(
        SchemePortResolver ports, DnsResolver addresses, TlsSocketStrategy tls) {
      return new DefaultHttpClientConnectionOperator(
          new MeteredSockets(),
          ports,
          addresses,
          RegistryBuilder.<TlsSocketStrategy>create().register(URIScheme.HTTPS.id, tls).build());
    }
  }

  private static final class MeteredSockets implements DetachedSocketFactory {
    @Override
    public Socket create(@Nullable Proxy proxy) {
      return Exchange.newSocket();
    }
  }

  /** Counts interim answers, which the library reads for as long as they come. */
  private static final class CountingExecutor extends HttpRequestExecutor {
    @Override
    public ClassicHttpResponse execute(
        ClassicHttpRequest request,
        HttpClientConnection connection,
        @Nullable HttpResponseInformationCallback callback,
        HttpContext context)
        throws IOException, HttpException {
      return super.execute(
          request,
          connection,
          (response, from, within) -> Exchange.CURRENT.get().interimAnswer(),
          context);
    }
  }
}
