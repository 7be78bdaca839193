package postern.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The program behind {@code bin/bench}. */
@Command(
    name = "bin/bench",
    description = {
      "Measures Postern on this machine, beside what could at best be reached on it in the same"
          + " minutes, and tells which goals are reached.",
      "Without a measure: everything, about half an hour. Writes docs/performance.md with its"
          + " picture, and every round into benchmarks/results/.",
      "On a machine that does something else, nothing can be judged: it says so."
    },
    footer = {
      "",
      "Single measures, of which each takes --write to put its figures into docs/operations.md:",
      "  charges    charges a second, beside pgbench",
      "  webhooks   deliveries a second, and the time to a delivery",
      "  overload   latencies under five times more load than can be served",
      "  start      the way to the first answer (without --write)",
      "",
      "Examples:",
      "  bin/bench",
      "  bin/bench quick",
      "  bin/bench charges --write"
    })
public final class Main implements Runnable {
  private static final String PAGE = "performance.md";
  private static final String PICTURE = "performance.svg";

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "quick",
      description = {
        "Everything with short rounds and small families, in three minutes. Writes into"
            + " benchmarks/target/ only."
      })
  private @Nullable String measure;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this and exit.")
  @SuppressWarnings("UnusedVariable") // picocli looks at it.
  private boolean help;

  @Option(names = "--root", hidden = true, required = true)
  private Path root = Path.of("");

  /** Runs it, and ends the process: 0, or 1 where something failed. */
  public static void main(String[] arguments) {
    // One run at a time is for whoever starts it to see to.
    System.setProperty("jmh.ignoreLock", "true");
    CommandLine line = new CommandLine(new Main());
    line.setExecutionExceptionHandler(
        (failure, same, parsed) -> {
          if (failure instanceof BenchException) {
            System.err.println(failure.getMessage());
          } else {
            failure.printStackTrace();
          }
          return 1;
        });
    System.exit(line.execute(arguments));
  }

  @Override
  public void run() {
    boolean quick = "quick".equals(measure);
    if (measure != null && !quick) {
      throw new BenchException("There is no measure " + measure + ": see bin/bench --help");
    }
    Scale scale = quick ? Scale.QUICK : Scale.FULL;
    try (Workplace workplace = Workplace.open(root)) {
      BenchRun.Found found = new BenchRun(workplace, scale).run();
      Report report =
          new Report(
              LocalDate.now(java.time.ZoneOffset.UTC),
              quick,
              scale,
              Progress.elapsed(),
              Machine.facts(workplace, found.postgres()),
              found.measurements());
      write(report);
    }
  }

  private void write(Report report) {
    Path pages = root.resolve(report.quick() ? "benchmarks/target/quick" : "docs");
    Path results = root.resolve(report.quick() ? "benchmarks/target/quick" : "benchmarks/results");
    String page = MarkdownReport.text(report, PICTURE);
    write(results.resolve(report.date() + ".json"), JsonReport.bytes(report));
    write(pages.resolve(PAGE), page.getBytes(StandardCharsets.UTF_8));
    write(pages.resolve(PICTURE), SvgChart.text(report).getBytes(StandardCharsets.UTF_8));
    System.out.println(page.substring(page.indexOf("## Goals"), page.indexOf("## Every round")));
    System.out.println(report.summary());
    Progress.say("Written: " + pages.resolve(PAGE));
  }

  private static void write(Path file, byte[] content) {
    try {
      Files.createDirectories(file.getParent());
      Files.write(file, content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
