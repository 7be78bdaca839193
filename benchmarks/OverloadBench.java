import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

/** The load of {@code bin/bench overload}: the server, PostgreSQL and this share the machine. */
public final class OverloadBench {
  private static final int SECONDS = 8;
  private static final int WARM_UP_SECONDS = 8;
  private static final int TIMES_CAPACITY = 5;

  /** Latencies in nanoseconds of what was answered with 200, and how much was refused. */
  private record Reached(long[] accepted, long refused, long other, double seconds) {
    double millis(int perMille) {
      return accepted[(int) ((long) accepted.length * perMille / 1_000)] / 1e6;
    }

    double rate() {
      return accepted.length / seconds;
    }
  }

  private final int port;
  private final byte[] request;

  private OverloadBench(Path dataDir) throws Exception {
    String facts = Files.readString(dataDir.resolve("dev.json"));
    port = URI.create(Bench.member(facts, "http")).getPort();
    request =
        ("GET /v2/users/children?page_size=20 HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                + Bench.member(facts, "production_key")
                + "\r\n\r\n")
            .getBytes(StandardCharsets.US_ASCII);
  }

  public static void main(String[] arguments) throws Exception {
    String table = new OverloadBench(Path.of(arguments[0])).run();
    System.out.println(table);
    if (arguments.length > 2 && arguments[2].equals("--write")) {
      Bench.write(Path.of(arguments[1]), "overload", table);
    }
    System.exit(0);
  }

  private String run() throws Exception {
    System.err.println("Warming up ...");
    load(32, Double.MAX_VALUE, WARM_UP_SECONDS);
    System.err.println("Capacity ...");
    double capacity = load(32, Double.MAX_VALUE, SECONDS).rate();
    System.err.println("Unloaded ...");
    Reached calm = load(16, capacity / 4, SECONDS);
    System.err.println("Overloaded ...");
    Reached over = load(320, capacity * TIMES_CAPACITY, SECONDS);
    System.err.println("Unloaded again ...");
    Reached after = load(16, capacity / 4, SECONDS);
    double calmP99 = Math.max(calm.millis(990), after.millis(990));
    return """
        | load | offered a second | accepted a second | refused a second | median | 99th percentile |
        |---|---|---|---|---|---|
        | a quarter of the capacity | %.0f | %.0f | %.0f | %.1f ms | %.1f ms |
        | five times the capacity (goal: 3 times the p99 above) | %.0f | %.0f | %.0f | %.1f ms | %.1f ms, %.1f times |
        | a quarter again, right after | %.0f | %.0f | %.0f | %.1f ms | %.1f ms |

        Measured %s on %d cores, which the server, PostgreSQL and the load share: first pages of a list
        on keep-alive connections; the capacity was %.0f a second."""
        .formatted(
            capacity / 4,
            calm.rate(),
            calm.refused / calm.seconds,
            calm.millis(500),
            calm.millis(990),
            (over.accepted.length + over.refused + over.other) / over.seconds,
            over.rate(),
            over.refused / over.seconds,
            over.millis(500),
            over.millis(990),
            over.millis(990) / calmP99,
            capacity / 4,
            after.rate(),
            after.refused / after.seconds,
            after.millis(500),
            after.millis(990),
            java.time.LocalDate.now(),
            Runtime.getRuntime().availableProcessors(),
            capacity);
  }

  /** Sends so many a second, on so many connections, as long as there is one that is free. */
  private Reached load(int connections, double rate, int seconds) throws Exception {
    AtomicLong tickets = new AtomicLong();
    long start = System.nanoTime();
    long end = start + seconds * 1_000_000_000L;
    List<Future<long[][]>> results = new ArrayList<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < connections; i++) {
        results.add(threads.submit(() -> connection(tickets, start, end, rate)));
      }
    }
    List<long[]> accepted = new ArrayList<>();
    long refused = 0;
    long other = 0;
    for (Future<long[][]> result : results) {
      long[][] one = result.get();
      accepted.add(one[0]);
      refused += one[1][0];
      other += one[1][1];
    }
    long[] all = accepted.stream().flatMapToLong(Arrays::stream).sorted().toArray();
    if (all.length == 0 || other > 0) {
      throw new IllegalStateException(all.length + " accepted, " + other + " unexpected answers");
    }
    return new Reached(all, refused, other, seconds);
  }

  private long[][] connection(AtomicLong tickets, long start, long end, double rate)
      throws Exception {
    List<Long> accepted = new ArrayList<>();
    long[] refused = new long[2];
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setTcpNoDelay(true);
      InputStream in = new BufferedInputStream(socket.getInputStream(), 4_096);
      OutputStream out = socket.getOutputStream();
      while (true) {
        long due = rate == Double.MAX_VALUE ? 0 : start + (long) (tickets.getAndIncrement() * 1e9 / rate);
        long wait = due - System.nanoTime();
        if (wait > 0) {
          Thread.sleep(wait / 1_000_000, (int) (wait % 1_000_000));
        }
        long sent = System.nanoTime();
        if (sent > end) {
          break;
        }
        out.write(request);
        switch (status(in)) {
          case 200 -> accepted.add(System.nanoTime() - sent);
          case 503 -> refused[0]++;
          default -> refused[1]++;
        }
      }
    }
    return new long[][] {accepted.stream().mapToLong(Long::longValue).toArray(), refused};
  }

  /** Reads one answer whole; its status. */
  private static int status(InputStream in) throws IOException {
    String first = line(in);
    int length = 0;
    for (String header = line(in); !header.isEmpty(); header = line(in)) {
      if (header.regionMatches(true, 0, "content-length:", 0, 15)) {
        length = Integer.parseInt(header.substring(15).strip());
      }
    }
    in.skipNBytes(length);
    return Integer.parseInt(first.substring(9, 12));
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder text = new StringBuilder(64);
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new IOException("the connection was closed");
      }
      if (c != '\r') {
        text.append((char) c);
      }
    }
    return text.toString();
  }
}
