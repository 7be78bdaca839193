package postern.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** SIGTERM: requests in flight end, everything else ends after them, and in order. */
final class ShutdownTest {
  private static final String BODY = "{\"user\":{\"name\":\"Sent in two halves\"}}";
  private static final int ENDS_WITHIN_SECONDS = 30;

  @Test
  void finishesTheRequestInFlightRefusesNewOnesAndStopsPostgres() throws Exception {
    try (DevServer server = DevServer.start("sigterm")) {
      int port = URI.create(server.fact("http")).getPort();
      List<ProcessHandle> postgres = postgresOf(server);
      try (Socket inFlight = connect(port)) {
        OutputStream out = inFlight.getOutputStream();
        write(out, head("POST", server, BODY.length()) + BODY.substring(0, 12));
        // The server must have begun to read it: what it has not seen it may refuse.
        Thread.sleep(500);
        server.process().terminate();
        Waiting.until("new connections are refused", 10, () -> refuses(port));
        int securePort = URI.create(server.fact("https")).getPort();
        Waiting.until("new TLS connections are refused", 5, () -> refuses(securePort));
        assertThat(server.process().isAlive()).isTrue();
        Thread.sleep(2_000);
        write(out, BODY.substring(12));
        assertThat(statusLine(inFlight)).isEqualTo("HTTP/1.1 201 Created");
      }
      assertThat(server.process().exitCode()).as(server.process().toString()).isZero();
      assertThat(server.dataDir().resolve("dev.json")).doesNotExist();
      assertThat(postgres).isNotEmpty().noneMatch(ProcessHandle::isAlive);
      // A postmaster that did not stop cleanly leaves this file behind.
      assertThat(server.dataDir().resolve("postgres/postmaster.pid")).doesNotExist();
    }
  }

  @Test
  void doesNotWaitForConnectionsWithoutARequest() throws Exception {
    // A drain time-out so long that waiting for it would show as a stop that does not end.
    DevServer server =
        DevServer.startOn(
            PosternProcess.newDataDir("idle"), 60, Map.of("POSTERN_HTTP_DRAIN_TIMEOUT", "10m"));
    try (server;
        Socket silent = connect(URI.create(server.fact("http")).getPort());
        Socket keptAlive = connect(URI.create(server.fact("http")).getPort())) {
      write(keptAlive.getOutputStream(), head("GET", server, 0));
      assertThat(statusLine(keptAlive)).isEqualTo("HTTP/1.1 200 OK");
      server.process().terminate();
      Waiting.until("the server ends", ENDS_WITHIN_SECONDS, () -> !server.process().isAlive());
      assertThat(server.process().exitCode()).isZero();
      assertThat(silent.getInputStream().read()).isEqualTo(-1);
    }
  }

  private static List<ProcessHandle> postgresOf(DevServer server) throws IOException {
    ProcessHandle postmaster = server.postmaster();
    return java.util.stream.Stream.concat(
            java.util.stream.Stream.of(postmaster), postmaster.descendants())
        .toList();
  }

  private static Socket connect(int port) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(20_000);
    return socket;
  }

  private static boolean refuses(int port) throws IOException {
    try (Socket socket = connect(port)) {
      return !socket.isConnected();
    } catch (ConnectException e) {
      return true;
    }
  }

  private static String head(String method, DevServer server, int length) {
    return method
        + " /v2/users HTTP/1.1\r\nHost: localhost\r\nAuthorization: "
        + ApiClient.basic(server.fact("production_key"))
        + "\r\nContent-Type: application/json\r\nContent-Length: "
        + length
        + "\r\n\r\n";
  }

  private static void write(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.US_ASCII));
    out.flush();
  }

  private static String statusLine(Socket socket) throws IOException {
    return String.valueOf(
        new BufferedReader(
                new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
            .readLine());
  }
}
