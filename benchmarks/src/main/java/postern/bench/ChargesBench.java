package postern.bench;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The load of {@code bin/bench charges}: the server, PostgreSQL and this share the machine. */
public final class ChargesBench {
  private static final int WALLETS = 1_000;
  private static final int CLIENTS = 64;
  // PostgreSQL admits 50, and the server has its share; pgbench gains nothing by more on 2 cores.
  private static final int PGBENCH_CLIENTS = 30;
  private static final int SECONDS = 10;
  private static final int WARM_UP_SECONDS = 5;
  private static final int ROUNDS = 2;
  private static final Pattern TPS = Pattern.compile("tps = ([0-9.]+)");

  /** What one kind of load reached: charges a second, and latencies in nanoseconds. */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  private record Reached(double rate, long[] latencies) {
    double millis(int percent) {
      return latencies[(int) ((long) latencies.length * percent / 100)] / 1e6;
    }
  }

  private final HttpClient client = HttpClient.newHttpClient();
  private final String base;
  private final Path dataDir;
  private final String pgbench;
  private final String script;

  private ChargesBench(Path dataDir, String pgbench, String script) throws Exception {
    this.base = Bench.member(Files.readString(dataDir.resolve("dev.json")), "http");
    this.dataDir = dataDir;
    this.pgbench = pgbench;
    this.script = script;
  }

  public static void main(String[] arguments) throws Exception {
    ChargesBench bench = new ChargesBench(Path.of(arguments[0]), arguments[1], arguments[2]);
    String table = bench.run();
    System.out.println(table);
    if (arguments.length > 4 && arguments[4].equals("--write")) {
      Bench.write(Path.of(arguments[3]), "charges", table);
    }
    System.exit(0);
  }

  private String run() throws Exception {
    System.err.println("Making " + WALLETS + " wallets ...");
    List<String> keys = wallets();
    insertWallets();
    System.err.println("Warming up ...");
    charge(keys, WARM_UP_SECONDS);
    List<Reached> hot = new ArrayList<>();
    List<Reached> many = new ArrayList<>();
    List<Double> plainHot = new ArrayList<>();
    List<Double> plainMany = new ArrayList<>();
    // In turn, so that whatever else the machine does meets all of them.
    for (int round = 1; round <= ROUNDS; round++) {
      System.err.println("Round " + round + " of " + ROUNDS + ", four times " + SECONDS + " s ...");
      hot.add(charge(keys.subList(0, 1), SECONDS));
      plainHot.add(pgbench(1));
      many.add(charge(keys, SECONDS));
      plainMany.add(pgbench(WALLETS));
    }
    Reached bestHot = Collections.max(hot, java.util.Comparator.comparingDouble(Reached::rate));
    Reached bestMany = Collections.max(many, java.util.Comparator.comparingDouble(Reached::rate));
    double bestPlainHot = Collections.max(plainHot);
    double bestPlainMany = Collections.max(plainMany);
    return """
        | load, %d clients | charges a second | median | 99th percentile | beside pgbench |
        |---|---|---|---|---|
        | one wallet (goal: a third of many, 60 %% of pgbench) | %.0f | %.1f ms | %.1f ms | %.0f %% of %.0f |
        | %d wallets (goal: 60 %% of pgbench) | %.0f | %.1f ms | %.1f ms | %.0f %% of %.0f |
        | one wallet beside many | %.0f %% | | | |

        Measured %s on %d cores, which the server, PostgreSQL and the load share; each charge is
        durable before its answer. The better of %d rounds of %d s."""
        .formatted(
            CLIENTS,
            bestHot.rate,
            bestHot.millis(50),
            bestHot.millis(99),
            100 * bestHot.rate / bestPlainHot,
            bestPlainHot,
            WALLETS,
            bestMany.rate,
            bestMany.millis(50),
            bestMany.millis(99),
            100 * bestMany.rate / bestPlainMany,
            bestPlainMany,
            100 * bestHot.rate / bestMany.rate,
            java.time.LocalDate.now(java.time.ZoneOffset.UTC),
            Runtime.getRuntime().availableProcessors(),
            ROUNDS,
            SECONDS);
  }

  /** Referral customers, each with a wallet that holds a million dollars: their keys. */
  private List<String> wallets() throws Exception {
    String partner = productionKey(Files.readString(dataDir.resolve("partner.json")));
    String[] keys = new String[WALLETS];
    AtomicInteger next = new AtomicInteger();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> makers = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        makers.add(
            threads.submit(
                () -> {
                  for (int n; (n = next.getAndIncrement()) < WALLETS; ) {
                    keys[n] = wallet(partner, n);
                  }
                  return null;
                }));
      }
      for (Future<?> maker : makers) {
        maker.get();
      }
    }
    return List.of(keys);
  }

  private String wallet(String partner, int n) throws Exception {
    String body =
        "{\"user\":{\"name\":\"Wallet\",\"email\":\"w%d@example.com\",\"phone\":\"1\"}}"
            .formatted(n);
    String key = productionKey(post(partner, "/v2/referral_customers", body, 201));
    String card = "{\"credit_card\":{\"payment_method_id\":\"pm_card_visa\"}}";
    String method = Bench.member(post(key, "/v2/credit_cards", card, 201), "id");
    post(key, "/v2/credit_cards/" + method + "/charges", "{\"amount\":\"100000000\"}", 201);
    return key;
  }

  /** As many for pgbench, whose scripts can make no keys. */
  private void insertWallets() throws Exception {
    String id = "('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid";
    psql(
        "insert into users (root_id, id, brand_id, name, created_at, updated_at) select "
            + id
            + ", "
            + id
            + ", "
            + id
            + ", 'Plain', now(), now() from generate_series(1, "
            + WALLETS
            + ") n",
        "insert into wallets (root_id, balance_micros, price_per_shipment_micros, cc_fee_rate,"
            + " insurance_fee_rate, insurance_fee_minimum_micros) select "
            + id
            + ", 1000000000000, 0, 0.03, 0.01, 500000 from generate_series(1, "
            + WALLETS
            + ") n",
        "analyze");
  }

  private void psql(String... statements) throws Exception {
    List<String> command =
        new ArrayList<>(List.of(Path.of(pgbench).resolveSibling("psql").toString()));
    command.addAll(List.of("-q", "-v", "ON_ERROR_STOP=1"));
    command.addAll(where());
    for (String statement : statements) {
      command.addAll(List.of("-c", statement));
    }
    run(command);
  }

  private double pgbench(int wallets) throws Exception {
    List<String> command = new ArrayList<>(List.of(pgbench, "-n", "-M", "prepared"));
    command.addAll(List.of("-c", Integer.toString(PGBENCH_CLIENTS), "-j", "2"));
    command.addAll(List.of("-T", Integer.toString(SECONDS), "-D", "wallets=" + wallets));
    command.addAll(List.of("-f", script));
    command.addAll(where());
    Matcher tps = TPS.matcher(run(command));
    if (!tps.find()) {
      throw new IllegalStateException("pgbench said no rate");
    }
    return Double.parseDouble(tps.group(1));
  }

  private List<String> where() {
    String directory = dataDir.resolve("postgres").toString();
    return List.of("-h", directory, "-U", "postern", "-d", "postgres");
  }

  private static String run(List<String> command) throws Exception {
    List<String> whole = new ArrayList<>(command);
    // The database comes last for pgbench and by -d for psql.
    if (whole.getFirst().endsWith("pgbench")) {
      int at = whole.indexOf("-d");
      String database = whole.get(at + 1);
      whole.subList(at, at + 2).clear();
      whole.add(database);
    }
    Process process = new ProcessBuilder(whole).redirectErrorStream(true).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IllegalStateException(String.join(" ", whole) + "\n" + out);
    }
    return out;
  }

  /** Charges at random from so many clients, each waiting for its answer. */
  private Reached charge(List<String> keys, int seconds) throws Exception {
    long end = System.nanoTime() + seconds * 1_000_000_000L;
    List<Future<List<Long>>> clients = new ArrayList<>();
    long started = System.nanoTime();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < CLIENTS; i++) {
        clients.add(
            threads.submit(
                () -> {
                  List<Long> latencies = new ArrayList<>();
                  while (System.nanoTime() < end) {
                    String key = keys.get(ThreadLocalRandom.current().nextInt(keys.size()));
                    long before = System.nanoTime();
                    post(key, "/v2/charges", "{\"charge\":{\"amount\":\"0.01\"}}", 201);
                    latencies.add(System.nanoTime() - before);
                  }
                  return latencies;
                }));
      }
    }
    double took = (System.nanoTime() - started) / 1e9;
    List<Long> all = new ArrayList<>();
    for (Future<List<Long>> one : clients) {
      all.addAll(one.get());
    }
    long[] latencies = all.stream().mapToLong(Long::longValue).toArray();
    Arrays.sort(latencies);
    return new Reached(latencies.length / took, latencies);
  }

  private String post(String key, String path, String body, int expected) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(base + path))
            .header("Authorization", "Bearer " + key)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body))
            .build();
    HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
    if (response.statusCode() != expected) {
      throw new IllegalStateException(path + ": " + response.body());
    }
    return response.body();
  }

  private static String productionKey(String json) {
    Matcher matcher = Pattern.compile("\"(EZAK[0-9A-Za-z]+)\"").matcher(json);
    if (!matcher.find()) {
      throw new IllegalStateException("no key in " + json);
    }
    return matcher.group(1);
  }
}
