package postern.sql;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import javax.net.SocketFactory;

/**
 * Lets pgjdbc speak over a Unix socket: its {@code socketFactory}, with the socket's path as {@code
 * socketFactoryArg}. Hosts and ports are ignored. Safe for use by several threads.
 */
public final class UnixSocketFactory extends SocketFactory {

  private final Path path;

  /** Takes the absolute path of the socket, at most 103 bytes long on some systems. */
  public UnixSocketFactory(String path) {
    this.path = Path.of(path);
  }

  /** A socket that is not connected yet. */
  @Override
  public Socket createSocket() {
    return new UnixSocket(path);
  }

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    return connected();
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress localHost, int localPort)
      throws IOException {
    return connected();
  }

  @Override
  public Socket createSocket(InetAddress host, int port) throws IOException {
    return connected();
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress localHost, int localPort)
      throws IOException {
    return connected();
  }

  private Socket connected() throws IOException {
    UnixSocket socket = new UnixSocket(path);
    socket.connect(null);
    return socket;
  }
}
