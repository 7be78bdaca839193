package postern.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A program that receives webhooks: it keeps what came, and answers as it is told. */
public final class FakeReceiver implements AutoCloseable {
  /** What came; names of headers in lower case. */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  public record Received(String path, Map<String, String> headers, byte[] bytes) {
    /** The body as text. */
    public String body() {
      return new String(bytes, StandardCharsets.UTF_8);
    }

    /** A header; empty where it did not come. */
    public String header(String name) {
      return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "");
    }
  }

  /** What to answer. */
  public record Reply(int status, Map<String, String> headers, String body, long delayMillis) {
    /** Nothing but a status. */
    public static Reply of(int status) {
      return new Reply(status, Map.of(), "", 0);
    }
  }

  /** Decides the answer to the nth request, counted from 1. */
  @FunctionalInterface
  public interface Script {
    Reply replyTo(Received request, int n);
  }

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Received> received = new ArrayList<>();
  private volatile Script script = (request, n) -> Reply.of(200);

  private FakeReceiver() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1_000);
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  /** A receiver on a free port, which says 200 to everything. */
  public static FakeReceiver start() {
    try {
      return new FakeReceiver();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Answers from now on as the script says. */
  public FakeReceiver answering(Script next) {
    script = next;
    return this;
  }

  public String url(String path) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + path;
  }

  /** All that came, in order. */
  public List<Received> received() {
    synchronized (received) {
      return List.copyOf(received);
    }
  }

  /** Returns the requests when there are so many; fails after ten seconds. */
  public List<Received> await(int count) throws Exception {
    Waiting.until(count + " requests came", () -> received().size() >= count);
    return received();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      Map<String, String> headers = new TreeMap<>();
      exchange
          .getRequestHeaders()
          .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values.getFirst()));
      Received request =
          new Received(
              exchange.getRequestURI().toString(),
              headers,
              exchange.getRequestBody().readAllBytes());
      int n;
      synchronized (received) {
        received.add(request);
        n = received.size();
      }
      Reply reply = script.replyTo(request, n);
      pause(reply.delayMillis());
      reply.headers().forEach(exchange.getResponseHeaders()::set);
      byte[] body = reply.body().getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(reply.status(), body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private static void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
