package postern.http;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataReader;
import io.helidon.common.buffers.DataWriter;
import io.helidon.common.concurrency.limits.Limit;
import io.helidon.common.socket.HelidonSocket;
import io.helidon.common.socket.PeerInfo;
import io.helidon.common.socket.SocketOptions;
import io.helidon.common.task.InterruptableTask;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.ListenerContext;
import io.helidon.webserver.ProxyProtocolData;
import io.helidon.webserver.Router;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http1.Http1ConnectionSelector;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketAddress;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * Closes the connections of one port that wait for their other side too long: for a TLS handshake,
 * for a request, for the rest of one, or for what was sent to be taken. Helidon has no such limit
 * of its own: its read time-out means nothing to the channels that it reads from, and its idle
 * time-out cuts whatever takes long. Safe for many threads.
 */
final class ConnectionWatch implements AutoCloseable {
  /** Whoever sends less in all the time that is given counts as silent. */
  private static final int PROGRESS_BYTES = 1_024;

  private static final int LOOKS_PER_TIMEOUT = 4;
  private static final Duration LOOK_EVERY_MAX = Duration.ofSeconds(1);

  private final Duration timeout;
  private final long requestBytesMax;
  private final Map<SocketAddress, Watched> watched = new ConcurrentHashMap<>();
  private final Thread thread;

  /**
   * Begins to watch.
   *
   * @param timeout how long the other side of a connection may be silent
   * @param requestBytesMax the most that one request may be, with all of its framing
   */
  ConnectionWatch(Duration timeout, long requestBytesMax) {
    this.timeout = timeout;
    this.requestBytesMax = requestBytesMax;
    this.thread = Thread.ofVirtual().name("connections").start(this::watch);
  }

  /** What a listener is to be told of its sockets. */
  SocketOptions socketOptions() {
    SocketOptions options = SocketOptions.builder().tcpNoDelay(true).build();
    return new WatchedOptions(options, this::accepted);
  }

  /** What a listener is to make its connections with. */
  ServerConnectionSelector selector(Http1Config config) {
    return new WatchingSelector(Http1ConnectionSelector.builder().config(config).build());
  }

  @Override
  public void close() {
    thread.interrupt();
  }

  private void watch() {
    Duration pause = timeout.dividedBy(LOOKS_PER_TIMEOUT);
    try {
      while (true) {
        Thread.sleep(pause.compareTo(LOOK_EVERY_MAX) < 0 ? pause : LOOK_EVERY_MAX);
        long now = System.nanoTime();
        watched.values().removeIf(each -> each.isOver(now, timeout.toNanos()));
      }
    } catch (InterruptedException e) {
      // The server stops, and closes them itself.
    }
  }

  private void accepted(SocketChannel channel) {
    try {
      watched.put(channel.getRemoteAddress(), new Watched(channel));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One connection. All but {@link #isOver} is called by the thread that serves it. */
  private final class Watched {
    private static final long DOES_NOT_WAIT = Long.MIN_VALUE;

    private final SocketChannel channel;
    private long readSince = System.nanoTime();
    private long progressBytes;
    private long requestBytes;
    private volatile long waitsSince = readSince;

    Watched(SocketChannel channel) {
      this.channel = channel;
    }

    /** Whether there is nothing left to watch: it was closed, or is now for its silence. */
    boolean isOver(long now, long timeoutNanos) {
      long since = waitsSince;
      if (since != DOES_NOT_WAIT && now - since > timeoutNanos) {
        try {
          channel.close();
        } catch (IOException e) {
          System.getLogger(ConnectionWatch.class.getName())
              .log(System.Logger.Level.DEBUG, "a silent connection could not be closed", e);
        }
      }
      return !channel.isOpen();
    }

    /** The next bytes, of which {@code looked} holds those that Helidon has looked at; or null. */
    byte @Nullable [] read(DataReader looked, HelidonSocket socket) {
      waitsSince = readSince;
      int there = looked.available();
      byte[] bytes = there > 0 ? looked.readBytes(there) : read(socket);
      waitsSince = DOES_NOT_WAIT;
      if (bytes == null) {
        return null;
      }
      progressBytes += bytes.length;
      requestBytes += bytes.length;
      if (requestBytes > requestBytesMax) {
        throw new CloseConnectionException("a request without end");
      }
      if (progressBytes >= PROGRESS_BYTES) {
        startReading();
      }
      return bytes;
    }

    private static byte @Nullable [] read(HelidonSocket socket) {
      try {
        return socket.get();
      } catch (UncheckedIOException e) {
        throw new CloseConnectionException("the connection has ended", e);
      }
    }

    void write(Runnable write) {
      waitsSince = System.nanoTime();
      write.run();
      waitsSince = DOES_NOT_WAIT;
      requestBytes = 0;
      startReading();
    }

    private void startReading() {
      readSince = System.nanoTime();
      progressBytes = 0;
    }
  }

  private final class WatchingSelector implements ServerConnectionSelector {
    private final ServerConnectionSelector selector;

    WatchingSelector(ServerConnectionSelector selector) {
      this.selector = selector;
    }

    @Override
    public int bytesToIdentifyConnection() {
      return selector.bytesToIdentifyConnection();
    }

    @Override
    public Support supports(BufferData data) {
      return selector.supports(data);
    }

    @Override
    public Set<String> supportedApplicationProtocols() {
      return selector.supportedApplicationProtocols();
    }

    @Override
    public ServerConnection connection(ConnectionContext context) {
      SocketAddress address = context.remotePeer().address();
      Watched connection = watched.get(address);
      if (connection == null) {
        throw new CloseConnectionException("closed before it said anything");
      }
      return new WatchedConnection(
          selector.connection(new WatchedContext(context, connection)), address, connection);
    }
  }

  private final class WatchedConnection implements ServerConnection, InterruptableTask<Void> {
    private final ServerConnection http;
    private final SocketAddress address;
    private final Watched connection;

    WatchedConnection(ServerConnection http, SocketAddress address, Watched connection) {
      this.http = http;
      this.address = address;
      this.connection = connection;
    }

    @Override
    public void handle(Limit limit) throws InterruptedException {
      try {
        http.handle(limit);
      } finally {
        watched.remove(address, connection);
      }
    }

    @Override
    public boolean canInterrupt() {
      return http instanceof InterruptableTask<?> task && task.canInterrupt();
    }

    /** Nobody calls it: Helidon asks such a task only whether it can be interrupted. */
    @Override
    public @Nullable Void call() {
      throw new UnsupportedOperationException();
    }

    @Override
    public Duration idleTime() {
      return http.idleTime();
    }

    @Override
    public void close(boolean interrupt) {
      http.close(interrupt);
    }
  }

  private record WatchedWriter(DataWriter writer, Watched connection) implements DataWriter {
    @Override
    public void write(BufferData... buffers) {
      connection.write(() -> writer.write(buffers));
    }

    @Override
    public void write(BufferData buffer) {
      connection.write(() -> writer.write(buffer));
    }

    @Override
    public void writeNow(BufferData... buffers) {
      connection.write(() -> writer.writeNow(buffers));
    }

    @Override
    public void writeNow(BufferData buffer) {
      connection.write(() -> writer.writeNow(buffer));
    }

    @Override
    public void flush() {
      connection.write(writer::flush);
    }

    @Override
    public void close() {
      writer.close();
    }
  }

  /** A connection's context whose reads and writes are watched. */
  private static final class WatchedContext implements ConnectionContext {
    private final ConnectionContext context;
    private final DataReader reader;
    private final DataWriter writer;
    // Helidon would make another one of six objects each time that it is asked.
    private final PeerInfo remotePeer;

    WatchedContext(ConnectionContext context, Watched connection) {
      this.context = context;
      this.remotePeer = context.remotePeer();
      this.reader =
          UnlinkedReader.create(
              () -> connection.read(context.dataReader(), context.serverSocket()));
      this.writer = new WatchedWriter(context.dataWriter(), connection);
    }

    @Override
    public DataReader dataReader() {
      return reader;
    }

    @Override
    public DataWriter dataWriter() {
      return writer;
    }

    @Override
    public ListenerContext listenerContext() {
      return context.listenerContext();
    }

    @Override
    public ExecutorService executor() {
      return context.executor();
    }

    @Override
    public Router router() {
      return context.router();
    }

    @Override
    public Optional<ProxyProtocolData> proxyProtocolData() {
      return context.proxyProtocolData();
    }

    @Override
    public HelidonSocket serverSocket() {
      return context.serverSocket();
    }

    @Override
    public PeerInfo remotePeer() {
      return remotePeer;
    }

    @Override
    public PeerInfo localPeer() {
      return context.localPeer();
    }

    @Override
    public boolean isSecure() {
      return context.isSecure();
    }

    @Override
    public String socketId() {
      return context.socketId();
    }

    @Override
    public String childSocketId() {
      return context.childSocketId();
    }
  }
}
