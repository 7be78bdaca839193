package postern.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Where the processors' time went since the machine was started, in ticks, read from Linux's {@code
 * /proc}.
 *
 * @param total all there was, idle time too
 * @param stolen what the hypervisor gave to others
 * @param others what processes used that neither are nor descend from this one; those that have
 *     ended are in their parents' figures
 */
record ProcessorTime(long total, long stolen, long others) {
  private static final Path PROC = Path.of("/proc");
  private static final long KERNEL_THREADS = 2;
  private static final int STEAL_FIELD = 8;
  // user, nice, system, idle, iowait, irq, softirq, steal; the guests' are within user and nice.
  private static final int FIELDS = 8;

  /** What one process says of itself. */
  record Usage(long pid, long parent, long ticks) {
    /** Its threads carry packets and write pages, for whoever sends and writes. */
    boolean isOfKernel() {
      return pid == KERNEL_THREADS || parent == KERNEL_THREADS;
    }
  }

  /** Up to this moment. */
  static ProcessorTime now() {
    try {
      String stat = Files.readString(PROC.resolve("stat"));
      return of(stat, usages(), ProcessHandle.current().pid());
    } catch (IOException e) {
      throw new UncheckedIOException("Noise is read from Linux's /proc", e);
    }
  }

  static ProcessorTime of(String stat, List<Usage> usages, long own) {
    String[] fields = stat.lines().findFirst().orElseThrow().trim().split("\\s+");
    long total = Arrays.stream(fields).skip(1).limit(FIELDS).mapToLong(Long::parseLong).sum();
    Set<Long> family = familyOf(own, usages);
    long others =
        usages.stream()
            .filter(usage -> !usage.isOfKernel() && !family.contains(usage.pid()))
            .mapToLong(Usage::ticks)
            .sum();
    return new ProcessorTime(total, Long.parseLong(fields[STEAL_FIELD]), others);
  }

  private static Set<Long> familyOf(long own, List<Usage> usages) {
    Map<Long, Long> parents = new HashMap<>();
    usages.forEach(usage -> parents.put(usage.pid(), usage.parent()));
    Set<Long> family = new HashSet<>();
    for (Usage usage : usages) {
      Long at = usage.pid();
      while (at != null && at != own) {
        at = parents.get(at);
      }
      if (at != null) {
        family.add(usage.pid());
      }
    }
    return family;
  }

  private static List<Usage> usages() throws IOException {
    try (Stream<Path> processes = Files.list(PROC)) {
      return processes
          .filter(path -> Character.isDigit(path.getFileName().toString().charAt(0)))
          .flatMap(ProcessorTime::usageIn)
          .toList();
    }
  }

  private static Stream<Usage> usageIn(Path process) {
    try {
      return Stream.of(usage(Files.readString(process.resolve("stat"))));
    } catch (IOException e) {
      // It has ended since it was listed: its time is its parent's now.
      return Stream.empty();
    }
  }

  /** Reads a line of {@code /proc/PID/stat}, whose second field may hold spaces and brackets. */
  static Usage usage(String stat) {
    long pid = Long.parseLong(stat.substring(0, stat.indexOf(' ')));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).trim().split(" ", -1);
    long ticks = 0;
    for (int field = 11; field <= 14; field++) {
      ticks += Long.parseLong(fields[field]);
    }
    return new Usage(pid, Long.parseLong(fields[1]), ticks);
  }

  /** What happened from an earlier moment to this one. */
  Noise since(ProcessorTime earlier, double yardstickSpread) {
    double passed = Math.max(1, total - earlier.total);
    return new Noise(
        yardstickSpread,
        (stolen - earlier.stolen) / passed,
        Math.max(0, others - earlier.others) / passed);
  }
}
