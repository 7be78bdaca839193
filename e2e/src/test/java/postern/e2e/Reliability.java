package postern.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * The rows of docs/reliability.md, one line of {@code target/reliability/faults.tsv} each: fault,
 * times tried, requests sent, writes acknowledged, writes lost, longest time until it went on,
 * slowest answer.
 */
final class Reliability {
  private Reliability() {}

  /**
   * Adds a row. To be called once it is certain that nothing was lost.
   *
   * @param recoveryMs from the end of the fault to the first acknowledged write, at worst
   */
  static void write(String fault, int tried, SteadyWriters writers, long recoveryMs) {
    String row =
        String.join(
            "\t",
            fault,
            Integer.toString(tried),
            Integer.toString(writers.requests()),
            Integer.toString(writers.acknowledged().size()),
            "0",
            seconds(recoveryMs),
            seconds(writers.slowestMs()));
    System.out.println(row);
    Path file = PosternProcess.target("reliability").resolve("faults.tsv");
    try {
      Files.write(file, List.of(row), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String seconds(long ms) {
    return String.format("%.1f s", ms / 1_000.0);
  }
}
