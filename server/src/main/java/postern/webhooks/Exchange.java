package postern.webhooks;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.NoHttpResponseException;
import org.jspecify.annotations.Nullable;

/**
 * What one exchange with a receiver may cost: bytes that the server reads from the network, interim
 * answers, and time. A receiver decides what it sends, so every byte counts: those of the TLS
 * handshake, of interim answers, headers, sizes of chunks and trailers too.
 *
 * <p>The thread of the exchange binds it to {@link #CURRENT}; only its deadline comes from another
 * thread.
 */
final class Exchange {
  /** The exchange of the running thread. */
  static final ScopedValue<Exchange> CURRENT = ScopedValue.newInstance();

  /** Enough for a TLS handshake, headers, and the kept part of a body in chunks of one byte. */
  static final int RECEIVED_BYTES_MAX = 128 * 1_024;

  private static final int INTERIM_ANSWERS_MAX = 10;

  private int receivedBytes;
  private int interimAnswers;
  private boolean hasConnected;
  private @Nullable HttpPost request;
  private boolean isOver;

  /** Makes a request the one that ends with the exchange. */
  synchronized HttpPost begin(HttpPost next) {
    request = next;
    if (isOver) {
      next.abort();
    }
    return next;
  }

  /** Ends the exchange because its time is over; for any thread. */
  synchronized void expire() {
    isOver = true;
    if (request != null) {
      request.abort();
    }
  }

  synchronized boolean isExpired() {
    return isOver;
  }

  /** Counts an interim answer (RFC 9110, section 15.2). */
  void interimAnswer() throws HttpException {
    interimAnswers++;
    if (interimAnswers > INTERIM_ANSWERS_MAX) {
      throw new HttpException("more than " + INTERIM_ANSWERS_MAX + " interim answers");
    }
  }

  /**
   * Returns whether the request went out on a connection that had been kept and that the receiver
   * had closed: no new connection was made, and no byte of an answer came.
   */
  boolean metStaleConnection(IOException e) {
    // The end of TLS is a few bytes too, so the count alone would miss it.
    boolean isUnanswered = receivedBytes == 0 || e instanceof NoHttpResponseException;
    return !hasConnected && isUnanswered && interimAnswers == 0 && !isExpired();
  }

  private static Exchange current() throws IOException {
    if (!CURRENT.isBound()) {
      throw new IOException("no exchange reads from this connection");
    }
    return CURRENT.get();
  }

  private int remainingBytes() throws IOException {
    if (receivedBytes >= RECEIVED_BYTES_MAX) {
      throw new IOException("the answer is longer than " + RECEIVED_BYTES_MAX + " bytes");
    }
    return RECEIVED_BYTES_MAX - receivedBytes;
  }

  /** Makes an unconnected socket that counts what it reads for the exchange of its reader. */
  static Socket newSocket() {
    if (CURRENT.isBound()) {
      CURRENT.get().hasConnected = true;
    }
    return new MeteredSocket();
  }

  private static final class MeteredSocket extends Socket {
    @Override
    public InputStream getInputStream() throws IOException {
      return new MeteredStream(super.getInputStream());
    }
  }

  private static final class MeteredStream extends InputStream {
    private final InputStream in;

    MeteredStream(InputStream in) {
      this.in = in;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      Exchange exchange = current();
      int count = in.read(target, offset, Math.min(length, exchange.remainingBytes()));
      exchange.receivedBytes += Math.max(0, count);
      return count;
    }

    @Override
    public int available() throws IOException {
      return in.available();
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}
