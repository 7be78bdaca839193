package postern.main;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import postern.main.TestServer.Account;

/**
 * What one request costs the server, counted and never timed: the bytes that it allocates, with its
 * log line and its limits, and the statements that it sends. Whoever adds to the way of every
 * request meets a bound here. The bytes are those of the first compiler, which tests run with: it
 * leaves out no allocation, so that they are the same each time; in life some of them are not made.
 */
class RequestCostTest {
  private static final int WARM_UP = 300;
  private static final int REQUESTS = 300;

  /** The least of them counts: what happens beside the requests only adds. */
  private static final int ROUNDS = 5;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final Logger REQUEST_LOG = Logger.getLogger("postern.request");
  private static final Pattern QUERIES = Pattern.compile(" queries=(\\d+) ");

  private static final Log UNREAD = new Log(new PrintStream(OutputStream.nullOutputStream()));

  private static TestServer server;
  private static Map<String, String> keys;
  private static Map<String, String> ids;
  private static Connection connection;

  @BeforeAll
  static void start() throws IOException {
    // Nothing else is to run beside the requests.
    server = TestServer.start(Map.of("audit.refusals-interval", "1h", "keys.usage-interval", "1h"));
    Account parent = server.account();
    TestClient client = server.as(parent.productionKey());
    // So that the parent stands before all of them.
    server.time().advance(Duration.ofSeconds(1));
    String child = "";
    for (int i = 0; i < 5; i++) {
      child = client.post("/v2/users", "{\"user\":{\"name\":\"A child\"}}").text("id");
    }
    String keysPath = "/v2/users/" + child + "/api_keys";
    TestClient.Reply dead = client.post(keysPath, "{\"mode\":\"production\"}");
    assertThat(client.delete("/v2/api_keys/" + dead.text("id")).status()).isEqualTo(204);
    String unknown = parent.productionKey().substring(0, 36) + "0".repeat(22);
    keys = Map.of("live", parent.productionKey(), "revoked", dead.text("key"), "unknown", unknown);
    ids = Map.of("{parent}", parent.id(), "{child}", child, "{nobody}", "user_" + "0".repeat(32));
    connection = new Connection(server.httpPort());
    REQUEST_LOG.setUseParentHandlers(false);
    REQUEST_LOG.setLevel(Level.INFO);
    REQUEST_LOG.addHandler(UNREAD);
  }

  @AfterAll
  static void stop() throws IOException {
    REQUEST_LOG.removeHandler(UNREAD);
    REQUEST_LOG.setLevel(null);
    REQUEST_LOG.setUseParentHandlers(true);
    connection.close();
    server.close();
  }

  /** What was measured when a bound was set, and a quarter more for the bytes. */
  @ParameterizedTest(name = "{0} with a {1} key")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # request                               | key     | status | bytes  | statements
          GET /v2/users                           | live    | 200    | 20000  | 0
          GET /v2/users/{child}                   | live    | 200    | 14200  | 0
          GET /v2/users/{nobody}                  | live    | 404    | 15600  | 0
          GET /v2/users/children                  | live    | 200    | 16600  | 0
          GET /v2/users/children?after_id={parent} | live   | 200    | 46400  | 2
          POST /v2/users                          | live    | 201    | 298000 | 4
          GET /v2/users                           | revoked | 403    | 12600  | 0
          GET /v2/users                           | unknown | 403    | 14500  | 0
          """)
  void staysWithinBounds(String line, String key, int status, long bytesMax, int statementsMax)
      throws IOException {
    byte[] request = request(line, String.valueOf(keys.get(key)));
    for (int i = 0; i < WARM_UP; i++) {
      assertThat(connection.ask(request)).isEqualTo(status);
    }
    // What is remembered for a moment is now and then read anew: the least of some is the usual.
    int statements = Integer.MAX_VALUE;
    for (int round = 0; round < ROUNDS; round++) {
      statements = Math.min(statements, statements(request));
    }
    assertThat(statements).as("statements").isLessThanOrEqualTo(statementsMax);
    assertThat(bytes(request)).as("bytes").isLessThanOrEqualTo(bytesMax);
  }

  private static byte[] request(String line, String key) {
    String[] words = line.split(" ", -1);
    String path = words[1];
    for (Map.Entry<String, String> id : ids.entrySet()) {
      path = path.replace(id.getKey(), id.getValue());
    }
    String body = words[0].equals("POST") ? "{\"user\":{\"name\":\"A child\"}}" : "";
    String head =
        """
        %s %s HTTP/1.1
        Host: localhost
        Authorization: Basic %s
        Content-Type: application/json
        Content-Length: %d

        """
            .formatted(
                words[0],
                path,
                Base64.getEncoder()
                    .encodeToString((key + ":").getBytes(StandardCharsets.ISO_8859_1)),
                body.length());
    return (head.replace("\n", "\r\n") + body).getBytes(StandardCharsets.ISO_8859_1);
  }

  /** What its own log line says; there it is for sure when the connection has answered another. */
  private static int statements(byte[] request) throws IOException {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    Log log = new Log(new PrintStream(text, true, StandardCharsets.UTF_8));
    REQUEST_LOG.addHandler(log);
    connection.ask(request);
    connection.ask(request);
    REQUEST_LOG.removeHandler(log);
    log.flush();
    Matcher queries = QUERIES.matcher(text.toString(StandardCharsets.UTF_8));
    assertThat(queries.find()).isTrue();
    return Integer.parseInt(queries.group(1));
  }

  private static long bytes(byte[] request) throws IOException {
    long least = Long.MAX_VALUE;
    for (int round = 0; round < ROUNDS; round++) {
      long before = allocated();
      for (int i = 0; i < REQUESTS; i++) {
        connection.ask(request);
      }
      least = Math.min(least, (allocated() - before) / REQUESTS);
    }
    return least;
  }

  /** By every thread but this one, which sends: the threads of requests run on others. */
  private static long allocated() {
    return THREADS.getTotalThreadAllocatedBytes() - THREADS.getCurrentThreadAllocatedBytes();
  }

  /** One connection, kept open, as clients keep theirs. */
  private static final class Connection implements AutoCloseable {
    private static final Pattern LENGTH = Pattern.compile("\r\nContent-Length: (\\d+)\r\n");

    private final Socket socket;
    private final byte[] answer = new byte[64 * 1_024];

    Connection(int port) throws IOException {
      socket = new Socket(InetAddress.getLoopbackAddress(), port);
      socket.setTcpNoDelay(true);
    }

    /** Sends a request and reads its answer; the status. */
    int ask(byte[] request) throws IOException {
      socket.getOutputStream().write(request);
      int length = 0;
      do {
        int read = socket.getInputStream().read(answer, length, answer.length - length);
        assertThat(read).as("bytes of an answer").isPositive();
        length += read;
      } while (!isWhole(length));
      return Integer.parseInt(new String(answer, 9, 3, StandardCharsets.ISO_8859_1));
    }

    private boolean isWhole(int length) {
      String text = new String(answer, 0, length, StandardCharsets.ISO_8859_1);
      int head = text.indexOf("\r\n\r\n");
      Matcher body = LENGTH.matcher(text);
      return head >= 0 && body.find() && length >= head + 4 + Integer.parseInt(body.group(1));
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
