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
  static void write(String fault, int tried, Writers writers, long recoveryMs) {
    write(
        fault,
        tried,
        writers.requests(),
        writers.acknowledged().size(),
        recoveryMs,
        writers.slowestMs());
  }

  /** The same for other requests than those of {@link Writers}. */
  static void write(
      String fault, int tried, int requests, int acknowledged, long recoveryMs, long slowestMs) {
    String row =
        String.join(
            "\t",
            fault,
            Integer.toString(tried),
            Integer.toString(requests),
            Integer.toString(acknowledged),
            "0",
            seconds(recoveryMs),
            seconds(slowestMs));
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
