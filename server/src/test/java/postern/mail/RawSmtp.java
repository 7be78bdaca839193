package postern.mail;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;

/** A mail server that offers what it is told, and keeps every line that it reads. */
final class RawSmtp implements AutoCloseable {
  private final ServerSocket server;
  private final String offers;
  private final List<String> lines = new CopyOnWriteArrayList<>();

  /** Starts one whose answer to EHLO is this text, between the first line and the last. */
  RawSmtp(String offers) {
    this.offers = offers;
    try {
      this.server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofPlatform().daemon().start(this::serve);
  }

  String url() {
    return "smtp://127.0.0.1:" + server.getLocalPort();
  }

  /** The lines that came, in ISO 8859-1: a character is a byte. */
  List<String> lines() {
    return lines;
  }

  private void serve() {
    try (Socket socket = server.accept()) {
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
      send(socket, "220 ready\r\n");
      boolean isData = false;
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        lines.add(line);
        String command = line.toUpperCase(Locale.ROOT);
        if (isData) {
          isData = !line.equals(".");
        }
        if (command.startsWith("EHLO")) {
          send(socket, "250-hello\r\n");
          send(socket, offers);
          while (offers.isEmpty()) {
            send(socket, "250-MORE\r\n".repeat(1_000));
          }
          send(socket, "250 OK\r\n");
        } else if (command.equals("DATA")) {
          isData = true;
          send(socket, "354 go on\r\n");
        } else if (!isData) {
          send(socket, "250 OK\r\n");
        }
      }
    } catch (IOException e) {
      // The client has ended the connection, as it should with a server that never stops.
      lines.add("ended");
    }
  }

  private static void send(Socket socket, String text) throws IOException {
    OutputStream out = socket.getOutputStream();
    out.write(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
