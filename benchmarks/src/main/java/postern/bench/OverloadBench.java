package postern.bench;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The load of {@code bin/bench overload}: rounds of h2load at a quarter of the capacity and, in the
 * same minute, at five times of it. A client waits for its answer before it asks again, so of those
 * five times as many as were sent are told too.
 */
public final class OverloadBench {
  private static final int ROUNDS = 5;
  private static final int WARM_UP_SECONDS = 15;
  private static final int SECONDS = 6;
  private static final int SETTLING_SECONDS = 1;
  private static final int TIMES_CAPACITY = 5;
  private static final int BUSY_CONNECTIONS = 32;
  private static final int FEW_CONNECTIONS = 16;
  private static final int MANY_CONNECTIONS = 1_000;

  /** Milliseconds of what was answered with 200, in their order, and how many were answered 503. */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  private record Reached(double[] acceptedMs, long refused) {
    double ms(int perMille) {
      return acceptedMs[(int) ((long) acceptedMs.length * perMille / 1_000)];
    }

    double accepted() {
      return acceptedMs.length / (double) SECONDS;
    }
  }

  private final Path log;
  private final URI url;
  private final String key;

  private OverloadBench(Path dataDir) throws Exception {
    String facts = Files.readString(dataDir.resolve("dev.json"));
    log = dataDir.resolve("h2load.log");
    url = URI.create(Bench.member(facts, "http")).resolve("/v2/users/children?page_size=20");
    key = Bench.member(facts, "production_key");
  }

  public static void main(String[] arguments) throws Exception {
    String table = new OverloadBench(Path.of(arguments[0])).run();
    System.out.println(table);
    if (arguments.length > 2 && arguments[2].equals("--write")) {
      Bench.write(Path.of(arguments[1]), "overload", table);
    }
  }

  private String run() throws Exception {
    System.err.println("Warming up for " + WARM_UP_SECONDS + " s ...");
    load(BUSY_CONNECTIONS, 0, WARM_UP_SECONDS);
    double capacity = load(BUSY_CONNECTIONS, 0, SECONDS).accepted();
    List<Reached> quarters = new ArrayList<>();
    List<Reached> fives = new ArrayList<>();
    for (int round = 1; round <= ROUNDS; round++) {
      System.err.println("Round " + round + " of " + ROUNDS + ", " + 2 * SECONDS + " s ...");
      quarters.add(load(FEW_CONNECTIONS, capacity / 4, SECONDS));
      fives.add(load(MANY_CONNECTIONS, capacity * TIMES_CAPACITY, SECONDS));
    }
    double[] ratios =
        IntStream.range(0, ROUNDS)
            .mapToDouble(i -> fives.get(i).ms(990) / quarters.get(i).ms(990))
            .sorted()
            .toArray();
    double times = ratios[ROUNDS / 2];
    return """
        | load | wanted a second | sent a second | accepted a second | median | 99th percentile | in each round |
        |---|---|---|---|---|---|---|
        %s
        %s

        The 99th percentile of the accepted is %.1f times the unloaded one of the same round; the goal is 3
        times: %s. Medians of %d rounds of %d s each, measured %s on %d cores that the server, PostgreSQL and h2load share: first pages
        of a list, on %d and on %d connections; on %d as fast as they could, %.0f a second were accepted."""
        .formatted(
            row("a quarter of the capacity", capacity / 4, quarters),
            row("five times the capacity", capacity * TIMES_CAPACITY, fives),
            times,
            times <= 3 ? "reached" : "not reached",
            ROUNDS,
            SECONDS,
            java.time.LocalDate.now(java.time.ZoneOffset.UTC),
            Runtime.getRuntime().availableProcessors(),
            FEW_CONNECTIONS,
            MANY_CONNECTIONS,
            BUSY_CONNECTIONS,
            capacity);
  }

  private static String row(String load, double wanted, List<Reached> rounds) {
    return "| %s | %.0f | %.0f | %.0f | %.1f ms | %.1f ms | %s |"
        .formatted(
            load,
            wanted,
            median(rounds, r -> r.accepted() + r.refused / (double) SECONDS),
            median(rounds, Reached::accepted),
            median(rounds, r -> r.ms(500)),
            median(rounds, r -> r.ms(990)),
            rounds.stream()
                .map(r -> "%.1f".formatted(r.ms(990)))
                .collect(Collectors.joining(", ")));
  }

  private static double median(List<Reached> rounds, ToDoubleFunction<Reached> figure) {
    return rounds.stream().mapToDouble(figure).sorted().toArray()[rounds.size() / 2];
  }

  /** So many requests a second in all, or as fast as they are answered where that is 0. */
  private Reached load(int connections, double perSecond, int seconds) throws Exception {
    List<String> command =
        new ArrayList<>(List.of("h2load", "--h1", "-t", "1", "-D", "" + seconds));
    // The first of a rush are all let in, and wait: that is not what lasts.
    command.add("--warm-up-time=" + SETTLING_SECONDS);
    command.addAll(List.of("-c", "" + connections, "--log-file", log.toString()));
    command.addAll(List.of("-H", "Authorization: Bearer " + key));
    if (perSecond > 0) {
      command.add("--rps=" + String.format(Locale.ROOT, "%.3f", perSecond / connections));
    }
    command.add(url.toString());
    Files.deleteIfExists(log);
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    if (process.waitFor() != 0) {
      throw new IllegalStateException("h2load ended with " + process.exitValue());
    }
    return reached();
  }

  /** A line of its log is a start, a status and a duration in microseconds, between tabs. */
  private Reached reached() throws Exception {
    List<String[]> answers =
        Files.readAllLines(log).stream().map(line -> line.split("\t")).toList();
    long refused = answers.stream().filter(answer -> answer[1].equals("503")).count();
    double[] acceptedMs =
        answers.stream()
            .filter(answer -> answer[1].equals("200"))
            .mapToDouble(answer -> Long.parseLong(answer[2]) / 1e3)
            .sorted()
            .toArray();
    if (acceptedMs.length == 0 || acceptedMs.length + refused != answers.size()) {
      throw new IllegalStateException(
          "answers other than 200 and 503: "
              + Arrays.toString(answers.stream().map(answer -> answer[1]).distinct().toArray()));
    }
    return new Reached(acceptedMs, refused);
  }
}
