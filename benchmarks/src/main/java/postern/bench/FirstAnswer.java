package postern.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Waits for a server to answer its first request. */
final class FirstAnswer {
  private static final int PAUSE_MS = 2;
  private static final int ANSWER_MS_MAX = 10_000;

  private FirstAnswer() {}

  /**
   * Asks again and again until the answer is a 200.
   *
   * @throws BenchException if the server ends or takes too long
   */
  static void await(Child child, int port, String path, String authorization, long millisMax) {
    long end = System.nanoTime() + millisMax * 1_000_000;
    while (System.nanoTime() < end) {
      child.requireAlive();
      if (answers(port, path, authorization)) {
        return;
      }
      Programs.sleepMillis(PAUSE_MS);
    }
    throw new BenchException(
        "no answer within " + millisMax + " ms: " + Programs.read(child.log()));
  }

  private static boolean answers(int port, String path, String authorization) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), ANSWER_MS_MAX);
      socket.setSoTimeout(ANSWER_MS_MAX);
      String request =
          "GET %s HTTP/1.1\r\nHost: localhost\r\nAuthorization: %s\r\nConnection: close\r\n\r\n"
              .formatted(path, authorization);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      String status =
          new String(socket.getInputStream().readNBytes(12), StandardCharsets.ISO_8859_1);
      return status.equals("HTTP/1.1 200");
    } catch (IOException e) {
      // It does not listen yet.
      return false;
    }
  }
}
