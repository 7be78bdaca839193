package postern.e2e;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import postern.crypto.LocalCa;

/**
 * The one thing that the official clients ask of Stripe themselves: a token for a card's number. It
 * stands in for {@code api.stripe.com}, with a certificate for that name by the server's own CA;
 * the Java client finds it through a proxy, as it would find Stripe through a company's.
 */
final class StripeTokens implements AutoCloseable {
  /** Under which name the server must have a certificate too. */
  static final String ORIGINAL = "api.easypost.com";

  private static final String HOST = "api.stripe.com";

  private final HttpsServer server;
  private final int originalPort;
  private final ServerSocket proxy;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final ProxySelector before = ProxySelector.getDefault();

  StripeTokens(DevServer of) throws IOException {
    originalPort = URI.create(of.fact("https")).getPort();
    InetAddress loopback = InetAddress.getLoopbackAddress();
    server = HttpsServer.create(new InetSocketAddress(loopback, 0), 10);
    server.setHttpsConfigurator(
        new HttpsConfigurator(
            LocalCa.open(of.dataDir(), InstantSource.system())
                .identity(List.of(HOST))
                .serverContext()));
    server.createContext(
        "/v1/tokens",
        exchange -> {
          try (exchange) {
            exchange.getRequestBody().readAllBytes();
            byte[] answer =
                "{\"id\":\"tok_1Nv0FGQ9RKHgCVdK\",\"object\":\"token\"}"
                    .getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
          }
        });
    server.start();
    proxy = new ServerSocket(0, 10, loopback);
    threads.execute(this::accept);
  }

  int port() {
    return server.getAddress().getPort();
  }

  /** Leads what this JVM sends to Stripe here. */
  void intercept() {
    ProxySelector.setDefault(
        new ProxySelector() {
          @Override
          public List<Proxy> select(URI uri) {
            return HOST.equals(uri.getHost()) || ORIGINAL.equals(uri.getHost())
                ? List.of(new Proxy(Proxy.Type.HTTP, proxy.getLocalSocketAddress()))
                : List.of(Proxy.NO_PROXY);
          }

          @Override
          public void connectFailed(URI uri, SocketAddress address, IOException e) {
            throw new IllegalStateException("the proxy cannot be reached", e);
          }
        });
  }

  private void accept() {
    try {
      while (true) {
        Socket client = proxy.accept();
        threads.execute(() -> tunnel(client));
      }
    } catch (IOException e) {
      // The socket was closed: this is the end.
      threads.shutdown();
    }
  }

  private void tunnel(Socket client) {
    try (client) {
      boolean isOriginal = head(client).startsWith("CONNECT " + ORIGINAL);
      int port = isOriginal ? originalPort : port();
      try (Socket target = new Socket(InetAddress.getLoopbackAddress(), port)) {
        client
            .getOutputStream()
            .write("HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        threads.execute(() -> transfer(target, client));
        transfer(client, target);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The request line; what follows up to the empty line is of no interest. */
  private static String head(Socket client) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      head.append((char) client.getInputStream().read());
    }
    return head.toString();
  }

  private static void transfer(Socket from, Socket to) {
    try {
      from.getInputStream().transferTo(to.getOutputStream());
    } catch (IOException e) {
      System.out.println("the tunnel was closed: " + e.getMessage());
    }
  }

  @Override
  public void close() throws IOException {
    ProxySelector.setDefault(before);
    proxy.close();
    server.stop(0);
  }
}
