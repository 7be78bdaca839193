package postern.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The load: {@code wrk} on connections that are kept, each of which waits for its answer. */
final class Wrk {
  /** What is asked for. */
  record Target(String method, String url, String authorization, String body) {
    static Target get(String url, String authorization) {
      return new Target("GET", url, authorization, "");
    }
  }

  /**
   * What came of it.
   *
   * @param requests how many were answered
   * @param perSecond answers a second
   * @param p99Ms the 99th percentile of the latencies, in milliseconds
   * @param refusals answers with a status of 400 or more
   * @param failures connections that failed, and answers that did not come
   */
  record Load(long requests, double perSecond, double p99Ms, long refusals, long failures) {}

  private static final String SCRIPT = "wrk.lua";
  private static final int THREADS = 2;
  private static final Pattern RESULT =
      Pattern.compile("(?m)^result (\\d+) (\\d+) (\\d+) (\\d+) (\\d+)$");

  private final Path program = Workplace.program("wrk", "wrk");
  private final Path script;

  Wrk(Workplace workplace) {
    script = workplace.folder().resolve(SCRIPT);
    try (InputStream in = Wrk.class.getResourceAsStream(SCRIPT)) {
      if (in == null) {
        throw new BenchException(SCRIPT + " is missing in the program");
      }
      Files.copy(in, script);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Loads a server for a while. */
  Load run(Target target, int connections, Duration duration) {
    List<String> command = new ArrayList<>();
    command.add(program.toString());
    command.addAll(List.of("-t", "" + Math.min(THREADS, connections), "-c", "" + connections));
    command.addAll(List.of("-d", Math.max(1, duration.toSeconds()) + "s", "--timeout", "10s"));
    command.addAll(
        List.of("-s", script.toString(), "-H", "Authorization: " + target.authorization));
    if (!target.body.isEmpty()) {
      command.addAll(List.of("-H", "Content-Type: application/json"));
    }
    command.addAll(List.of(target.url, "--", target.method, target.body));
    return parse(Programs.run(command, Map.of()));
  }

  /** Reads the line that {@code wrk.lua} prints: numbers, times in microseconds. */
  static Load parse(String output) {
    Matcher matcher = RESULT.matcher(output);
    if (!matcher.find()) {
      throw new BenchException("wrk said no result: " + output);
    }
    long requests = Long.parseLong(matcher.group(1));
    return new Load(
        requests,
        requests * 1e6 / Long.parseLong(matcher.group(2)),
        Long.parseLong(matcher.group(3)) / 1e3,
        Long.parseLong(matcher.group(4)),
        Long.parseLong(matcher.group(5)));
  }

  static String version() {
    // It prints its version with its usage, and ends with 1.
    return Programs.run("sh", "-c", "wrk -v | head -1").strip().replaceAll(" Copyright.*", "");
  }
}
