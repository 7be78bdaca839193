package postern.sql;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A Unix socket in the form that pgjdbc wants, a {@link Socket}.
 *
 * <p>It begins as a plain blocking channel, which costs one system call per read. The first read
 * with a time-out turns it into a non-blocking one with a selector for good: a registered channel
 * cannot go back, and JDK 25 parks a virtual thread in either. One reader and one writer at a time;
 * {@link #close} from any thread ends both.
 */
final class UnixSocket extends Socket {

  /** Below this a wait has a time of its own, and ends when it is over. */
  private static final long WATCHED_MILLIS_MIN = OverdueReads.LOOK_EVERY.toMillis() * 2;

  private final Path path;
  private final SocketChannel channel;
  private final Object stateLock = new Object();
  private volatile int soTimeoutMillis;
  private volatile boolean connected;
  private volatile boolean closed;
  private volatile @Nullable Selector readable;
  private volatile @Nullable Selector writable;

  private final OverdueReads.Reader watched = this::wakeIfOverdue;

  /** When the read that goes on is overdue, where {@link #isWatched}. */
  private volatile long overdueAtNanos;

  private volatile boolean isWatched;

  UnixSocket(Path path) {
    this.path = path;
    try {
      channel = SocketChannel.open(java.net.StandardProtocolFamily.UNIX);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Override
  public void connect(@Nullable SocketAddress endpoint) throws IOException {
    connectToPath();
  }

  @Override
  public void connect(@Nullable SocketAddress endpoint, int timeoutMillis) throws IOException {
    connectToPath();
  }

  private void connectToPath() throws IOException {
    try {
      channel.connect(UnixDomainSocketAddress.of(path));
      connected = true;
    } catch (IOException e) {
      close();
      throw e;
    }
  }

  @Override
  public void bind(@Nullable SocketAddress bindpoint) {
    // A client's end has no name of its own.
  }

  @Override
  public InputStream getInputStream() {
    return new Input();
  }

  @Override
  public OutputStream getOutputStream() {
    return new Output();
  }

  private int read(ByteBuffer into) throws IOException {
    int timeoutMillis = soTimeoutMillis;
    try {
      if (timeoutMillis == 0 && readable == null) {
        return channel.read(into);
      }
      Selector selector = readSelector();
      int count = channel.read(into);
      long deadline = System.nanoTime() + Duration.ofMillis(timeoutMillis).toNanos();
      while (count == 0) {
        long leftMillis = timeoutMillis == 0 ? 0 : millisUntil(deadline);
        if (leftMillis < 0) {
          throw new SocketTimeoutException("Nothing to read within " + timeoutMillis + " ms");
        }
        awaitReadable(selector, leftMillis, deadline);
        count = channel.read(into);
      }
      return count;
    } catch (ClosedChannelException | ClosedSelectorException e) {
      throw closedException(e);
    }
  }

  /** Long waits are not timed, but watched: see {@link OverdueReads}. */
  private void awaitReadable(Selector selector, long leftMillis, long deadlineNanos)
      throws IOException {
    if (leftMillis < WATCHED_MILLIS_MIN) {
      await(selector, leftMillis);
      return;
    }
    overdueAtNanos = deadlineNanos;
    isWatched = true;
    try {
      await(selector, 0);
    } finally {
      isWatched = false;
    }
  }

  private void wakeIfOverdue(long nowNanos) {
    Selector selector = readable;
    if (isWatched && nowNanos - overdueAtNanos >= 0 && selector != null) {
      selector.wakeup();
    }
  }

  /** Whole milliseconds left, rounded up so that waiting never spins; negative when none is. */
  private static long millisUntil(long deadlineNanos) {
    long left = deadlineNanos - System.nanoTime();
    return left <= 0 ? -1 : Math.ceilDiv(left, 1_000_000L);
  }

  private void write(ByteBuffer from) throws IOException {
    try {
      while (from.hasRemaining()) {
        if (channel.write(from) == 0) {
          await(writeSelector(), 0);
        }
      }
    } catch (ClosedChannelException | ClosedSelectorException e) {
      throw closedException(e);
    }
  }

  private static void await(Selector selector, long millis) throws IOException {
    selector.select(millis);
    selector.selectedKeys().clear();
    if (!selector.isOpen()) {
      throw new ClosedSelectorException();
    }
  }

  private Selector readSelector() throws IOException {
    Selector known = readable;
    if (known != null) {
      return known;
    }
    synchronized (stateLock) {
      Selector made = register(SelectionKey.OP_READ);
      readable = made;
      OverdueReads.add(watched);
      return made;
    }
  }

  private Selector writeSelector() throws IOException {
    Selector known = writable;
    if (known != null) {
      return known;
    }
    synchronized (stateLock) {
      Selector made = register(SelectionKey.OP_WRITE);
      writable = made;
      return made;
    }
  }

  private Selector register(int operation) throws IOException {
    if (closed) {
      throw new ClosedChannelException();
    }
    channel.configureBlocking(false);
    Selector selector = Selector.open();
    try {
      channel.register(selector, operation);
      return selector;
    } catch (IOException e) {
      selector.close();
      throw e;
    }
  }

  private static SocketException closedException(Exception cause) {
    SocketException closed = new SocketException("Socket closed");
    closed.initCause(cause);
    return closed;
  }

  @Override
  public void close() throws IOException {
    closed = true;
    // The channel first and without the lock: it wakes a blocked reader or writer.
    channel.close();
    synchronized (stateLock) {
      OverdueReads.remove(watched);
      closeSelector(readable);
      closeSelector(writable);
    }
  }

  private static void closeSelector(@Nullable Selector selector) throws IOException {
    if (selector != null) {
      selector.close();
    }
  }

  @Override
  public void setSoTimeout(int timeoutMillis) throws SocketException {
    if (timeoutMillis < 0) {
      throw new IllegalArgumentException("A time-out cannot be negative: " + timeoutMillis);
    }
    requireOpen();
    soTimeoutMillis = timeoutMillis;
  }

  @Override
  public int getSoTimeout() throws SocketException {
    requireOpen();
    return soTimeoutMillis;
  }

  private void requireOpen() throws SocketException {
    if (closed) {
      throw new SocketException("Socket closed");
    }
  }

  @Override
  public boolean isConnected() {
    return connected;
  }

  @Override
  public boolean isClosed() {
    return closed;
  }

  @Override
  public void shutdownInput() throws IOException {
    channel.shutdownInput();
  }

  @Override
  public void shutdownOutput() throws IOException {
    channel.shutdownOutput();
  }

  @Override
  public void setTcpNoDelay(boolean on) {
    // A Unix socket never delays.
  }

  @Override
  public boolean getTcpNoDelay() {
    return true;
  }

  @Override
  public void setKeepAlive(boolean on) {
    // The kernel knows at once when the other end of a Unix socket is gone.
  }

  @Override
  public boolean getKeepAlive() {
    return false;
  }

  @Override
  public void setSendBufferSize(int bytes) throws SocketException {
    setOptionOf(StandardSocketOptions.SO_SNDBUF, bytes);
  }

  @Override
  public int getSendBufferSize() throws SocketException {
    return optionOf(StandardSocketOptions.SO_SNDBUF);
  }

  @Override
  public void setReceiveBufferSize(int bytes) throws SocketException {
    setOptionOf(StandardSocketOptions.SO_RCVBUF, bytes);
  }

  @Override
  public int getReceiveBufferSize() throws SocketException {
    return optionOf(StandardSocketOptions.SO_RCVBUF);
  }

  private void setOptionOf(java.net.SocketOption<Integer> option, int value)
      throws SocketException {
    try {
      channel.setOption(option, value);
    } catch (IOException e) {
      throw closedException(e);
    }
  }

  private int optionOf(java.net.SocketOption<Integer> option) throws SocketException {
    try {
      return channel.getOption(option);
    } catch (IOException e) {
      throw closedException(e);
    }
  }

  @Override
  public String toString() {
    return "UnixSocket[" + path + "]";
  }

  private final class Input extends InputStream {
    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      Objects.checkFromIndexSize(offset, length, bytes.length);
      return length == 0 ? 0 : UnixSocket.this.read(ByteBuffer.wrap(bytes, offset, length));
    }

    @Override
    public void close() throws IOException {
      UnixSocket.this.close();
    }
  }

  private final class Output extends OutputStream {
    @Override
    public void write(int value) throws IOException {
      write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      UnixSocket.this.write(ByteBuffer.wrap(bytes, offset, length));
    }

    @Override
    public void close() throws IOException {
      UnixSocket.this.close();
    }
  }
}
