package postern.bench;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Watches the heap of another JVM from outside, by jstat, which reads what that JVM tells in shared
 * memory and so costs it nothing.
 */
final class HeapWatch implements AutoCloseable {
  private static final String EVERY_MS = "50";
  private static final long FIRST_LINE_MS_MAX = 10_000;
  private static final double KB_IN_MB = 1_024;
  private static final List<String> USED = List.of("S0U", "S1U", "EU", "OU");

  private final Child jstat;

  private HeapWatch(Child jstat) {
    this.jstat = jstat;
  }

  /** Begins; when this returns, the first look has been taken. */
  static HeapWatch start(Workplace workplace, Child watched) {
    HeapWatch watch =
        new HeapWatch(
            Child.start(
                List.of(
                    workplace.java().resolveSibling("jstat").toString(),
                    "-J-XX:TieredStopAtLevel=1",
                    "-J-XX:+UseSerialGC",
                    "-gc",
                    Long.toString(watched.pid()),
                    EVERY_MS),
                Map.of(),
                workplace.newLog("jstat")));
    for (long waited = 0; watch.lines() < 2; waited += 50) {
      watch.jstat.requireAlive();
      if (waited > FIRST_LINE_MS_MAX) {
        throw new BenchException("jstat says nothing");
      }
      Programs.sleepMillis(50);
    }
    return watch;
  }

  private long lines() {
    return Programs.read(jstat.log()).lines().count();
  }

  /** The most heap in use at any look, what is garbage included, in MB (2^20 bytes). */
  double peakMb() {
    return peakMb(Programs.read(jstat.log()));
  }

  static double peakMb(String printed) {
    // The last line may be half written.
    List<String> lines = printed.substring(0, printed.lastIndexOf('\n') + 1).lines().toList();
    List<String> names = Arrays.asList(lines.getFirst().trim().split("\\s+"));
    return lines.stream()
            .skip(1)
            .map(line -> line.trim().split("\\s+"))
            .mapToDouble(
                values ->
                    USED.stream()
                        .mapToDouble(name -> Double.parseDouble(values[names.indexOf(name)]))
                        .sum())
            .max()
            .orElseThrow()
        / KB_IN_MB;
  }

  @Override
  public void close() {
    jstat.close();
  }
}
