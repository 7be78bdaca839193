package postern.http;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.concurrency.limits.Limit;
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
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import postern.core.IpAddresses;

/**
 * Closes the connections of one port that wait for their other side too long: for a TLS handshake,
 * for a request, for the rest of one, or for what was sent to be taken. Helidon has no such limit
 * of its own: its read time-out means nothing to the channels that it reads from, and its idle
 * time-out cuts whatever takes long. Safe for many threads.
 */
final class ConnectionWatch implements AutoCloseable {
  private static final int LOOKS_PER_TIMEOUT = 4;
  private static final Duration LOOK_EVERY_MAX = Duration.ofSeconds(1);

  private final Watched.Patience patience;
  private final MemoryBudget budget;
  private final Predicate<InetAddress> isProxy;
  private final long connectionBytes;
  private final int lineBytesMax;
  private final int headBytesMax;
  private final Map<SocketAddress, Watched> watched = new ConcurrentHashMap<>();
  private final Thread thread;

  /**
   * Begins to watch.
   *
   * @param patience what the other side of a connection may take its time for
   * @param budget what the connections may take together
   * @param isProxy whether an address is that of a proxy, which has no share of its own
   * @param connectionBytes what a connection costs while little is read from it
   * @param lineBytesMax the longest request line
   * @param headBytesMax the largest head, with the request line
   */
  ConnectionWatch(
      Watched.Patience patience,
      MemoryBudget budget,
      Predicate<InetAddress> isProxy,
      long connectionBytes,
      int lineBytesMax,
      int headBytesMax) {
    this.patience = patience;
    this.budget = budget;
    this.isProxy = isProxy;
    this.connectionBytes = connectionBytes;
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
    Duration pause = patience.silence().dividedBy(LOOKS_PER_TIMEOUT);
    try {
      while (true) {
        Thread.sleep(pause.compareTo(LOOK_EVERY_MAX) < 0 ? pause : LOOK_EVERY_MAX);
        long now = System.nanoTime();
        watched.values().removeIf(each -> isOver(each, now));
      }
    } catch (InterruptedException e) {
      // The server stops, and closes them itself.
    }
  }

  private static boolean isOver(Watched connection, long now) {
    boolean isOver = connection.isOver(now);
    if (isOver) {
      connection.claim().end();
    }
    return isOver;
  }

  /** What throws here is refused: Helidon closes the channel and goes on accepting. */
  private void accepted(SocketChannel channel) {
    try {
      InetSocketAddress address = (InetSocketAddress) channel.getRemoteAddress();
      Watched connection = new Watched(channel, patience, budget, connectionBytes);
      InetAddress client = address.getAddress();
      if (!connection.claim().open(isProxy.test(client) ? "" : IpAddresses.network(client))) {
        connection.claim().end();
        throw new CloseConnectionException("there is no room for another connection");
      }
      Watched before = watched.put(address, connection);
      if (before != null) {
        before.claim().end();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
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
      messages.onRequest(
          () -> {
            connection.headIsRead();
            filter.next();
          });
      messages.onNext(connection::awaitNext);
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
            .where(Claim.CURRENT, connection.claim())
            .call(
                () -> {
                  http.handle(limit);
                  return http;
                });
      } finally {
        if (messages.hasUnread()) {
          connection.linger(context.serverSocket(), context.isSecure());
        }
        connection.claim().end();
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
