package postern.http;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataReader;
import io.helidon.common.concurrency.limits.Limit;
import io.helidon.common.socket.HelidonSocket;
import io.helidon.common.socket.SocketOptions;
import io.helidon.common.task.InterruptableTask;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.ConnectionContext;
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
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
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

  // A client that is still sending gets to see its answer; more of it is not read.
  private static final int LINGER_BYTES_MAX = 8 * 1_024 * 1_024;
  private static final Duration LINGER_MAX = Duration.ofSeconds(2);

  private final Duration timeout;
  private final long requestBytesMax;
  private final int lineBytesMax;
  private final int headBytesMax;
  private final Map<SocketAddress, Watched> watched = new ConcurrentHashMap<>();
  private final Thread thread;

  /**
   * Begins to watch.
   *
   * @param timeout how long the other side of a connection may be silent
   * @param requestBytesMax the most that one request may be, with all of its framing
   * @param lineBytesMax the longest request line
   * @param headBytesMax the largest head, with the request line
   */
  ConnectionWatch(Duration timeout, long requestBytesMax, int lineBytesMax, int headBytesMax) {
    this.timeout = timeout;
    this.requestBytesMax = requestBytesMax;
    this.lineBytesMax = lineBytesMax;
    this.headBytesMax = headBytesMax;
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
    private volatile boolean lingers;

    Watched(SocketChannel channel) {
      this.channel = channel;
    }

    /** Whether there is nothing left to watch: it was closed, or is now for its silence. */
    boolean isOver(long now, long timeoutNanos) {
      long since = waitsSince;
      long longest = lingers ? Math.min(timeoutNanos, LINGER_MAX.toNanos()) : timeoutNanos;
      if (since != DOES_NOT_WAIT && now - since > longest) {
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

    /**
     * Reads what the other side is still sending, without keeping it: closing at once would reset
     * the connection, and the answer might never be seen (RFC 9112 section 9.6).
     */
    void linger(HelidonSocket socket, boolean isSecure) {
      waitsSince = System.nanoTime();
      lingers = true;
      try {
        if (!isSecure) {
          channel.shutdownOutput();
        }
        int left = LINGER_BYTES_MAX;
        for (byte[] bytes = socket.get(); bytes != null && left > 0; bytes = socket.get()) {
          left -= bytes.length;
        }
      } catch (IOException | RuntimeException e) {
        System.getLogger(ConnectionWatch.class.getName())
            .log(System.Logger.Level.DEBUG, "a connection ended before its other side did", e);
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
      MessageReader messages =
          new MessageReader(
              () -> connection.read(context.dataReader(), context.serverSocket()),
              lineBytesMax,
              headBytesMax);
      AnswerFilter filter = new AnswerFilter(messages);
      messages.onRequest(filter::next);
      ConnectionContext watchedContext =
          new WatchedContext(
              context,
              UnlinkedReader.create(messages),
              new WatchedWriter(context.dataWriter(), filter, connection::write));
      return new WatchedConnection(
          selector.connection(watchedContext), context, connection, messages);
    }
  }

  private final class WatchedConnection implements ServerConnection, InterruptableTask<Void> {
    private final ServerConnection http;
    private final ConnectionContext context;
    private final Watched connection;
    private final MessageReader messages;

    WatchedConnection(
        ServerConnection http,
        ConnectionContext context,
        Watched connection,
        MessageReader messages) {
      this.http = http;
      this.context = context;
      this.connection = connection;
      this.messages = messages;
    }

    @Override
    public void handle(Limit limit) throws InterruptedException {
      try {
        ScopedValue.where(MessageReader.CURRENT, messages)
            .call(
                () -> {
                  http.handle(limit);
                  return http;
                });
      } finally {
        if (messages.hasUnread()) {
          connection.linger(context.serverSocket(), context.isSecure());
        }
        watched.remove(context.remotePeer().address(), connection);
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
}
