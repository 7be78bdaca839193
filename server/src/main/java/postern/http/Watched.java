package postern.http;

import io.helidon.common.buffers.DataReader;
import io.helidon.common.socket.HelidonSocket;
import io.helidon.http.DirectHandler;
import io.helidon.http.RequestException;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import postern.core.ApiException;

/**
 * One connection: for how long its client has owed it something, and what it holds. {@link #isOver}
 * and what a budget asks are called by any thread, all else by the one that serves the connection.
 */
final class Watched implements MemoryBudget.Holder {
  /** A client that sends less in all the time that is given counts as silent. */
  private static final int PROGRESS_BYTES = 1_024;

  // A client that is still sending gets to see its answer; more of it is not read.
  private static final int LINGER_BYTES_MAX = 8 * 1_024 * 1_024;
  private static final Duration LINGER_MAX = Duration.ofSeconds(2);

  /** A head is held as it came, copied while it grows, and as the headers that it names. */
  private static final int HEAD_COPIES = 3;

  /** A body is held in pieces, and in one piece at its end. */
  private static final int BODY_COPIES = 2;

  private static final long DOES_NOT_WAIT = Long.MIN_VALUE;
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  /**
   * What a client may take its time for.
   *
   * @param silence how long it may send or take less than 1 KB
   * @param head how long it may take for a TLS handshake and the first head together, for each
   *     later head from its first byte on, and for a body beside what the rate allows
   * @param bodyBytesPerSecondMin how fast a body must come
   * @param requestBytesMax the most that one request may be, with all of its framing
   */
  record Patience(
      Duration silence, Duration head, int bodyBytesPerSecondMin, long requestBytesMax) {}

  /** What the connection waits for when it reads. */
  private enum Stage {
    FIRST_HEAD,
    NEXT_REQUEST,
    HEAD,
    BODY
  }

  private final SocketChannel channel;
  private final Patience patience;
  private final Claim claim;
  private long readSince = System.nanoTime();
  private long progressBytes;
  private long requestBytes;
  private volatile Stage stage = Stage.FIRST_HEAD;
  private volatile long stageSince = readSince;
  private volatile long stageBytes;
  private volatile long waitsSince = readSince;
  private volatile boolean writes;
  private volatile boolean lingers;

  /**
   * Begins with a connection that was accepted, and is not yet counted.
   *
   * @param baseBytes what it costs while little is read from it
   */
  Watched(SocketChannel channel, Patience patience, MemoryBudget budget, long baseBytes) {
    this.channel = channel;
    this.patience = patience;
    this.claim = new Claim(budget, this, baseBytes);
  }

  /** What it takes of the budget. */
  Claim claim() {
    return claim;
  }

  /** Whether there is nothing left to watch: it was closed, or is now for what it lets wait. */
  boolean isOver(long now) {
    long since = waitsSince;
    if (since != DOES_NOT_WAIT && (now - since > silenceNanos() || isTooSlow(now))) {
      cut();
    }
    return !channel.isOpen();
  }

  private long silenceNanos() {
    long nanos = patience.silence().toNanos();
    return lingers ? Math.min(nanos, LINGER_MAX.toNanos()) : nanos;
  }

  private boolean isTooSlow(long now) {
    if (writes || lingers || stage == Stage.NEXT_REQUEST) {
      return false;
    }
    long earned =
        stage == Stage.BODY ? stageBytes * NANOS_PER_SECOND / patience.bodyBytesPerSecondMin() : 0;
    return now - stageSince > patience.head().toNanos() + earned;
  }

  @Override
  public long owedNanos(long now) {
    long since = waitsSince;
    return since == DOES_NOT_WAIT ? 0 : now - (writes ? since : stageSince);
  }

  @Override
  public boolean isIdle() {
    return stage == Stage.NEXT_REQUEST;
  }

  @Override
  public void cut() {
    try {
      channel.close();
    } catch (IOException e) {
      log("a connection could not be closed", e);
    }
  }

  /** The request before was handled to its end: nothing of it is held any more. */
  void awaitNext() {
    claim.reset();
    if (stage != Stage.FIRST_HEAD) {
      enter(Stage.NEXT_REQUEST);
    }
  }

  /** A head was read to its end: what follows is the body. */
  void headIsRead() {
    enter(Stage.BODY);
  }

  private void enter(Stage next) {
    stage = next;
    stageSince = System.nanoTime();
    stageBytes = 0;
  }

  /** The next bytes, of which {@code looked} holds those that Helidon has looked at; or null. */
  byte @Nullable [] read(DataReader looked, HelidonSocket socket) {
    if (stage == Stage.BODY && stageBytes == 0) {
      stageSince = System.nanoTime();
    }
    waitsSince = readSince;
    try {
      int there = looked.available();
      byte[] bytes = there > 0 ? looked.readBytes(there) : read(socket);
      if (bytes != null) {
        count(bytes.length);
      }
      return bytes;
    } finally {
      waitsSince = DOES_NOT_WAIT;
    }
  }

  private void count(int length) {
    if (stage == Stage.NEXT_REQUEST) {
      enter(Stage.HEAD);
    }
    // Others only read it.
    long before = stageBytes;
    stageBytes = before + length;
    progressBytes += length;
    requestBytes += length;
    if (requestBytes > patience.requestBytesMax()) {
      throw new CloseConnectionException("a request without end");
    }
    if (progressBytes >= PROGRESS_BYTES) {
      startReading();
    }
    if (stage == Stage.BODY) {
      claim.grow((long) BODY_COPIES * length);
    } else {
      growForHead(length);
    }
  }

  /** Before there is a request only Helidon can answer. */
  private void growForHead(int length) {
    try {
      claim.grow((long) HEAD_COPIES * length);
    } catch (ApiException.RetryLater e) {
      throw RequestException.builder()
          .type(DirectHandler.EventType.OTHER)
          .status(Status.SERVICE_UNAVAILABLE_503)
          .setKeepAlive(false)
          .cause(e)
          .build();
    }
  }

  private static byte @Nullable [] read(HelidonSocket socket) {
    try {
      return socket.get();
    } catch (UncheckedIOException e) {
      throw new CloseConnectionException("the connection has ended", e);
    }
  }

  /**
   * Reads what the other side is still sending, without keeping it: closing at once would reset the
   * connection, and the answer might never be seen (RFC 9112 section 9.6).
   */
  void linger(HelidonSocket socket, boolean isSecure) {
    claim.reset();
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
      log("a connection ended before its other side did", e);
    }
  }

  void write(Runnable write) {
    writes = true;
    waitsSince = System.nanoTime();
    try {
      write.run();
    } finally {
      waitsSince = DOES_NOT_WAIT;
      writes = false;
    }
    requestBytes = 0;
    startReading();
  }

  private void startReading() {
    readSince = System.nanoTime();
    progressBytes = 0;
  }

  private static void log(String message, Exception e) {
    System.getLogger(ConnectionWatch.class.getName()).log(Level.DEBUG, message, e);
  }
}
