package postern.bench;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A server that was started as a process of its own; closing it ends it. */
final class Child implements AutoCloseable {
  private static final int STOP_SECONDS_MAX = 60;
  // Linux tells every program of hundredths of a second, whatever it counts in itself.
  private static final double TICKS_PER_SECOND = 100;
  private static final Pattern COMPILER = Pattern.compile("^\\d+ \\(C[12] CompilerThre");
  private static final String RESET_PEAK = "5";

  private final Process process;
  private final Path log;

  private Child(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /** Starts it; what it prints goes to the end of {@code log}. */
  static Child start(List<String> command, Map<String, String> environment, Path log) {
    try {
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
      builder.environment().putAll(environment);
      return new Child(builder.start(), log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  long pid() {
    return process.pid();
  }

  Path log() {
    return log;
  }

  /**
   * Fails where the process has ended.
   *
   * @throws BenchException with what it printed
   */
  void requireAlive() {
    if (!process.isAlive()) {
      throw new BenchException("A server has ended: " + Programs.read(log));
    }
  }

  /** Forgets what it has printed. */
  void emptyLog() {
    try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "rw")) {
      file.setLength(0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Resident memory at this moment, in MB (2^20 bytes). */
  double residentMb() {
    return megabytes("VmRSS");
  }

  /** The most resident memory since {@link #resetPeak}, in MB (2^20 bytes). */
  double peakMb() {
    return megabytes("VmHWM");
  }

  void resetPeak() {
    try {
      Files.writeString(Path.of("/proc/" + pid() + "/clear_refs"), RESET_PEAK);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private double megabytes(String field) {
    String status = Programs.read(Path.of("/proc/" + pid() + "/status"));
    Matcher matcher = Pattern.compile(field + ":\\s+(\\d+) kB").matcher(status);
    if (!matcher.find()) {
      throw new BenchException("no " + field + " in /proc/" + pid() + "/status");
    }
    return Long.parseLong(matcher.group(1)) / 1024.0;
  }

  /** How long the compilers of a JVM have worked since it was started, in seconds. */
  double compilerSeconds() {
    try (Stream<Path> threads = Files.list(Path.of("/proc/" + pid() + "/task"))) {
      return threads.mapToLong(Child::compilerTicks).sum() / TICKS_PER_SECOND;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long compilerTicks(Path thread) {
    try {
      String stat = Files.readString(thread.resolve("stat"));
      return COMPILER.matcher(stat).find() ? ProcessorTime.usage(stat).ticks() : 0;
    } catch (IOException e) {
      // The JVM ends compilers that have nothing to do.
      return 0;
    }
  }

  /** Halts the process, and not its children, until {@link #resume}. */
  void pause() {
    Programs.run("kill", "-STOP", Long.toString(pid()));
  }

  void resume() {
    Programs.run("kill", "-CONT", Long.toString(pid()));
  }

  @Override
  public void close() {
    if (!process.isAlive()) {
      return;
    }
    resume();
    process.destroy();
    try {
      if (!process.waitFor(STOP_SECONDS_MAX, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new BenchException("A server did not stop within " + STOP_SECONDS_MAX + " s");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      process.destroyForcibly();
    }
  }
}
