package postern.testing;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import postern.sql.PostgresAddress;

/**
 * A port of the loopback address before the tests' PostgreSQL. {@link #silence} keeps connections
 * open and forwards nothing from then on, as a network does that drops packets.
 */
public final class TcpProxy implements AutoCloseable {
  private final PostgresAddress database;
  private final ServerSocket server;
  private final Queue<Closeable> open = new ConcurrentLinkedQueue<>();
  private volatile boolean silent;

  /** Begins to forward to the socket of an address of {@link TestPostgres}. */
  public TcpProxy(PostgresAddress database) throws IOException {
    this.database = database;
    server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  public int port() {
    return ((InetSocketAddress) server.getLocalSocketAddress()).getPort();
  }

  /** The database behind it. */
  public PostgresAddress address() {
    return new PostgresAddress(
        "jdbc:postgresql://127.0.0.1:" + port() + "/" + TestPostgres.nameOf(database),
        Map.of(
            "user",
            String.valueOf(database.properties().get("user")),
            "password",
            String.valueOf(database.properties().get("password")),
            "sslmode",
            "disable",
            "gssEncMode",
            "disable"));
  }

  /** Forwards nothing any more, on old connections and new ones, and closes none. */
  public void silence() {
    silent = true;
  }

  /** Forwards again; the connections that were silent are broken off. */
  public void restore() throws IOException {
    silent = false;
    for (Closeable each = open.poll(); each != null; each = open.poll()) {
      each.close();
    }
  }

  private void accept() {
    try {
      while (true) {
        Socket client = server.accept();
        open.add(client);
        SocketChannel target =
            SocketChannel.open(
                UnixDomainSocketAddress.of(
                    String.valueOf(database.properties().get("socketFactoryArg"))));
        open.add(target);
        pump(client.getInputStream(), Channels.newOutputStream(target), target);
        pump(Channels.newInputStream(target), client.getOutputStream(), client);
      }
    } catch (IOException _) {
      // The end: the port was closed.
    }
  }

  private void pump(InputStream from, OutputStream to, Closeable ended) {
    // A thread of the system: a channel with a read under way blocks its writers otherwise.
    Thread thread =
        Thread.ofPlatform()
            .daemon()
            .unstarted(
                () -> {
                  byte[] bytes = new byte[8_192];
                  try {
                    for (int n = from.read(bytes); n >= 0; n = from.read(bytes)) {
                      if (!silent) {
                        to.write(bytes, 0, n);
                        to.flush();
                      }
                    }
                    if (!silent) {
                      ended.close();
                    }
                  } catch (IOException _) {
                    // One side was closed, so this direction ends.
                  }
                });
    thread.start();
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Closeable each : open) {
      each.close();
    }
  }
}
