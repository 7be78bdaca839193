package postern.mail;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import javax.net.SocketFactory;

/**
 * Makes sockets that read a limited number of bytes in a limited time: an answer of SMTP may have
 * any number of lines (RFC 5321, section 4.2.1), and the time-out of the library is for each read.
 */
final class MeteredSockets extends SocketFactory {
  /** Enough for a TLS handshake and the answers to one mail. */
  private static final int RECEIVED_BYTES_MAX = 128 * 1_024;

  private final Duration lifetime;

  MeteredSockets(Duration lifetime) {
    this.lifetime = lifetime;
  }

  @Override
  public Socket createSocket() {
    long deadline = System.nanoTime() + lifetime.toNanos();
    return new Socket() {
      @Override
      public InputStream getInputStream() throws IOException {
        return new Metered(super.getInputStream(), deadline);
      }
    };
  }

  @Override
  public Socket createSocket(String host, int port) {
    throw connectedByCaller();
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress local, int localPort) {
    throw connectedByCaller();
  }

  @Override
  public Socket createSocket(InetAddress host, int port) {
    throw connectedByCaller();
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) {
    throw connectedByCaller();
  }

  /** The library connects a socket itself, with its time-out. */
  private static UnsupportedOperationException connectedByCaller() {
    return new UnsupportedOperationException("the caller connects the socket");
  }

  private static final class Metered extends FilterInputStream {
    private final long deadline;
    private int remainingBytes = RECEIVED_BYTES_MAX;

    Metered(InputStream in, long deadline) {
      super(in);
      this.deadline = deadline;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      if (remainingBytes <= 0) {
        throw new IOException("the mail server sent more than " + RECEIVED_BYTES_MAX + " bytes");
      }
      if (System.nanoTime() - deadline > 0) {
        throw new SocketTimeoutException("the mail server took too long");
      }
      int count = super.read(target, offset, Math.min(length, remainingBytes));
      remainingBytes -= Math.max(0, count);
      return count;
    }
  }
}
