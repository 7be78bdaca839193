package postern.testing;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A receiver that reads requests as HTTP and answers with whatever bytes its script writes, for as
 * long as the script wants.
 */
public final class RawReceiver implements AutoCloseable {
  /** Answers one request; the connection is closed if it throws. */
  @FunctionalInterface
  public interface Script {
    /** Writes the answer to the nth request of all connections, counted from 1. */
    void answer(Wire wire, int n) throws IOException;
  }

  /** The connection of a request. */
  public final class Wire {
    private final Socket socket;
    private int seen;

    private Wire(Socket socket) {
      this.socket = socket;
    }

    /** Sends a text in ISO 8859-1; throws once the other side has gone. */
    public void send(String text) throws IOException {
      OutputStream out = socket.getOutputStream();
      byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
      out.write(bytes);
      sent.addAndGet(bytes.length);
    }

    /** Sends a text again and again until the other side has gone. */
    public void sendForEver(String text) throws IOException {
      while (!closed) {
        send(text);
      }
    }

    /** Whether this is the first request of its connection. */
    public boolean isFirst() {
      return seen == 1;
    }

    /** Ends the connection. */
    public void close() throws IOException {
      socket.close();
    }
  }

  private final ServerSocket server;
  private final Script script;
  private final AtomicInteger requests = new AtomicInteger();
  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicLong sent = new AtomicLong();
  private final Queue<Socket> open = new ConcurrentLinkedQueue<>();
  private volatile boolean closed;

  private RawReceiver(InetAddress address, Script script) throws IOException {
    this.server = new ServerSocket(0, 100, address);
    this.script = script;
    Thread.ofPlatform().daemon().start(this::accept);
  }

  /** A receiver on a free port of 127.0.0.1. */
  public static RawReceiver start(Script script) {
    return start("127.0.0.1", script);
  }

  /** A receiver on a free port of an address. */
  public static RawReceiver start(String address, Script script) {
    try {
      return new RawReceiver(InetAddress.getByName(address), script);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public int port() {
    return server.getLocalPort();
  }

  public String url(String path) {
    return "http://127.0.0.1:" + port() + path;
  }

  public int requests() {
    return requests.get();
  }

  public int connections() {
    return connections.get();
  }

  /** The bytes that all answers had, as far as the operating system took them. */
  public long sentBytes() {
    return sent.get();
  }

  private void accept() {
    while (!closed) {
      try {
        Socket socket = server.accept();
        open.add(socket);
        connections.incrementAndGet();
        Thread.ofPlatform().daemon().start(() -> serve(socket));
      } catch (IOException e) {
        if (!closed) {
          throw new UncheckedIOException(e);
        }
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      InputStream in = new BufferedInputStream(socket.getInputStream());
      Wire wire = new Wire(socket);
      while (readRequest(in)) {
        wire.seen++;
        script.answer(wire, requests.incrementAndGet());
      }
    } catch (IOException e) {
      // The server has closed the connection, which is what most scripts wait for.
      open.remove(socket);
    }
  }

  /** Reads a head and the body that it announces; false at the end of the connection. */
  private static boolean readRequest(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
      int next = in.read();
      if (next < 0) {
        return false;
      }
      head.write(next);
    }
    for (String line : head.toString(StandardCharsets.ISO_8859_1).split("\r\n", -1)) {
      if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
        in.skipNBytes(Long.parseLong(line.substring(line.indexOf(':') + 1).strip()));
      }
    }
    return true;
  }

  @Override
  public void close() {
    closed = true;
    try {
      server.close();
      for (Socket socket : open) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
