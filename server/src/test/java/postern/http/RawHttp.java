package postern.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Bytes to a port and back, for what no HTTP client would send. */
final class RawHttp {
  private static final int TIMEOUT_MS = 20_000;
  private static final int SILENT_MS = 5_000;

  private RawHttp() {}

  /** Everything that is answered until the server closes the connection. */
  static String exchange(int port, String request) {
    try (Socket socket = connect(port)) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      socket.getOutputStream().flush();
      return readToEnd(socket.getInputStream());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The same; nothing where the connection ends or falls silent without an answer. */
  static String exchangeOrNothing(int port, String request) {
    try (Socket socket = connect(port)) {
      socket.setSoTimeout(SILENT_MS);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      socket.getOutputStream().flush();
      return readToEnd(socket.getInputStream());
    } catch (UncheckedIOException | IOException e) {
      return "";
    }
  }

  /** Everything that is answered to what is sent and ended: the client sends no more. */
  static String exchangeWhole(int port, String request) {
    try (Socket socket = connect(port)) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      socket.shutdownOutput();
      return readToEnd(socket.getInputStream());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The same, a byte at a time. */
  static String exchangeInPieces(int port, String request) {
    try (Socket socket = connect(port)) {
      socket.setTcpNoDelay(true);
      for (byte each : request.getBytes(StandardCharsets.ISO_8859_1)) {
        socket.getOutputStream().write(each);
        socket.getOutputStream().flush();
      }
      socket.shutdownOutput();
      return readToEnd(socket.getInputStream());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What one read brings: what the server wrote in one piece. */
  static String firstRead(int port, String request) {
    try (Socket socket = connect(port)) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      byte[] buffer = new byte[65_536];
      int length = socket.getInputStream().read(buffer);
      return new String(buffer, 0, Math.max(0, length), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Socket connect(int port) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(TIMEOUT_MS);
    return socket;
  }

  /** A reset after the answer is an end too: the server does not read what it refused. */
  private static String readToEnd(InputStream in) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    byte[] buffer = new byte[8_192];
    try {
      for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
        all.write(buffer, 0, length);
      }
    } catch (IOException e) {
      if (all.size() == 0) {
        throw new UncheckedIOException(e);
      }
    }
    return all.toString(StandardCharsets.UTF_8);
  }
}
