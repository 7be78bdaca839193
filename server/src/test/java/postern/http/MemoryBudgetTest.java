package postern.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import postern.main.TestServer;
import postern.main.TestServer.Account;
import postern.testing.Waiting;

/** What many clients together may hold of the memory, and for how long one may hold any. */
class MemoryBudgetTest {
  private static final int MEGABYTE = 1_024 * 1_024;
  private static final int PER_ADDRESS_MAX = 60;

  private static TestServer server;
  private static Account parent;

  @BeforeAll
  static void start() {
    server =
        TestServer.start(
            Map.of(
                "http.memory-percent",
                "1",
                "http.connections-per-address-max",
                Integer.toString(PER_ADDRESS_MAX),
                "http.head-timeout",
                "2s"));
    parent = server.account();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static String head(String line, String... headers) {
    return line
        + "\r\nHost: localhost\r\nAuthorization: Bearer "
        + parent.productionKey()
        + "\r\n"
        + String.join("", java.util.stream.Stream.of(headers).map(h -> h + "\r\n").toList())
        + "\r\n";
  }

  private static Socket connect(String sent) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.httpPort());
    try {
      socket.getOutputStream().write(sent.getBytes(StandardCharsets.ISO_8859_1));
    } catch (IOException e) {
      // It was cut off while it sent: that is what the test counts.
    }
    return socket;
  }

  /** Whether the server has closed it, perhaps after a refusal. */
  private static boolean isCutOff(Socket socket) {
    try {
      socket.setSoTimeout(1);
      return socket.getInputStream().read(new byte[8_192]) < 0 || isCutOff(socket);
    } catch (SocketTimeoutException e) {
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  private static void closeAll(List<Socket> sockets) throws IOException {
    for (Socket socket : sockets) {
      socket.close();
    }
  }

  private static void requireServed() {
    assertThat(server.as(parent.productionKey()).get("/v2/users").status()).isEqualTo(200);
  }

  /** Each holds twice what came of it, in pieces and in one: far more together than there is. */
  @Test
  void unfinishedBodiesDoNotAddUp() throws Exception {
    long budget = Runtime.getRuntime().maxMemory() / 100;
    int count = (int) Math.min(PER_ADDRESS_MAX - 5, 3 * budget / MEGABYTE);
    String sent =
        head("POST /v2/users HTTP/1.1", "Content-Length: " + MEGABYTE) + "x".repeat(MEGABYTE - 1);
    List<Socket> all = new ArrayList<>();
    try {
      for (int i = 0; i < count; i++) {
        all.add(connect(sent));
      }
      long mayRemain = budget / 2 / MEGABYTE;
      Waiting.until(
          "no more bodies are held than half of the share of an address",
          () -> all.stream().filter(socket -> !isCutOff(socket)).count() <= mayRemain);
      requireServed();
    } finally {
      closeAll(all);
    }
  }

  @Test
  void oneAddressHoldsNoMoreThanItsConnectionsAndItsOldestGoFirst() throws Exception {
    List<Socket> all = new ArrayList<>();
    try {
      for (int i = 0; i < 2 * PER_ADDRESS_MAX; i++) {
        all.add(connect("GET /v2/users HTTP/1.1\r\nHos"));
      }
      Waiting.until(
          "the first are closed",
          () -> all.subList(0, PER_ADDRESS_MAX).stream().allMatch(MemoryBudgetTest::isCutOff));
      requireServed();
    } finally {
      closeAll(all);
    }
  }

  /** One byte now and then is not silence; the time-out of silence is 75 s here. */
  @ParameterizedTest
  @CsvSource({"a head,GET /v2/users HTTP/1.1", "a body,POST /v2/users HTTP/1.1"})
  void whatComesByteForByteIsCutOff(String what, String line) throws Exception {
    String whole = head(line, "Content-Length: 500");
    boolean isHead = line.startsWith("GET");
    try (Socket socket = connect(isHead ? whole.substring(0, whole.length() - 4) : whole)) {
      Waiting.until(
          what + " that comes too slowly is cut off",
          () -> {
            try {
              socket.getOutputStream().write('x');
            } catch (IOException e) {
              return true;
            }
            return isCutOff(socket);
          });
    }
    requireServed();
  }

  @Test
  void aPageTakesNoMoreThanAForm() {
    String sent =
        "POST /log-out HTTP/1.1\r\nHost: localhost\r\nContent-Type:"
            + " application/x-www-form-urlencoded\r\nContent-Length: 1000000\r\n\r\n"
            + "a=".repeat(10_000);
    assertThat(RawHttp.exchange(server.httpPort(), sent)).startsWith("HTTP/1.1 413 ");
  }

  @Test
  void aFormIsSmallAlsoWhereADocumentMayBeLarge() {
    String body = "user[name]=" + "x".repeat(16_384);
    String sent =
        head(
                "POST /v2/users HTTP/1.1",
                "Content-Type: application/x-www-form-urlencoded",
                "Connection: close",
                "Content-Length: " + body.length())
            + body;
    assertThat(RawHttp.exchange(server.httpPort(), sent)).startsWith("HTTP/1.1 413 ");
  }

  @Test
  void manyShortHeadersAreTooLarge() {
    StringBuilder many = new StringBuilder("Connection: close");
    for (int i = 0; i < 201; i++) {
      many.append("\r\nx").append(i).append(": y");
    }
    String sent = head("GET /v2/users HTTP/1.1", many.toString());
    assertThat(RawHttp.exchange(server.httpPort(), sent)).startsWith("HTTP/1.1 413 ");
  }
}
