package postern.http;

import io.helidon.common.socket.SocketOptions;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Options of a listener's sockets that tell of each one: Helidon configures a socket as soon as it
 * has accepted it, before a handshake or a first byte.
 *
 * @param accepted is told of it, by the thread that accepts
 */
record WatchedOptions(SocketOptions options, Consumer<SocketChannel> accepted)
    implements SocketOptions {
  @Override
  public void configureSocket(SocketChannel channel) {
    SocketOptions.super.configureSocket(channel);
    accepted.accept(channel);
  }

  @Override
  public Map<java.net.SocketOption<?>, Object> socketOptions() {
    return options.socketOptions();
  }

  @Override
  public Duration connectTimeout() {
    return options.connectTimeout();
  }

  @Override
  public Duration readTimeout() {
    return options.readTimeout();
  }

  @Override
  public Optional<Integer> socketReceiveBufferSize() {
    return options.socketReceiveBufferSize();
  }

  @Override
  public Optional<Integer> socketSendBufferSize() {
    return options.socketSendBufferSize();
  }

  @Override
  public boolean socketReuseAddress() {
    return options.socketReuseAddress();
  }

  @Override
  public boolean socketKeepAlive() {
    return options.socketKeepAlive();
  }

  @Override
  public boolean tcpNoDelay() {
    return options.tcpNoDelay();
  }
}
