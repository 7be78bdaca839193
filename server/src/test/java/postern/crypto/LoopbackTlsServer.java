package postern.crypto;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import javax.net.ssl.SSLServerSocket;

/** Answers each HTTPS request on a free loopback port with 204, one after the other. */
final class LoopbackTlsServer implements AutoCloseable {

  private static final int REQUEST_TIMEOUT_MILLIS = 10_000;
  private static final int BACKLOG = 10;

  private final SSLServerSocket listener;

  LoopbackTlsServer(ServerIdentity identity) throws IOException {
    InetAddress loopback = InetAddress.ofLiteral("127.0.0.1");
    this.listener =
        (SSLServerSocket)
            identity
                .serverContext()
                .getServerSocketFactory()
                .createServerSocket(0, BACKLOG, loopback);
    listener.setSSLParameters(identity.serverParameters());
    // Ends by itself once the listener is closed.
    Thread.ofVirtual().start(this::serve);
  }

  int port() {
    return listener.getLocalPort();
  }

  private void serve() {
    while (!listener.isClosed()) {
      try (Socket socket = listener.accept()) {
        answer(socket);
      } catch (IOException _) {
        // Closed by the test, or broken off by a client, whose side of it the test sees.
      }
    }
  }

  private static void answer(Socket socket) throws IOException {
    socket.setSoTimeout(REQUEST_TIMEOUT_MILLIS);
    var reader = new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));
    String line = reader.readLine();
    while (line != null && !line.isEmpty()) {
      line = reader.readLine();
    }
    socket
        .getOutputStream()
        .write("HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n".getBytes(US_ASCII));
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
