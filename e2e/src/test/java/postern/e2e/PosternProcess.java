package postern.e2e;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** One run of the program in a process of its own, with what it printed. */
final class PosternProcess implements AutoCloseable {
  private static final Path ROOT =
      Path.of(System.getProperty("postern.e2e.root", "..")).toAbsolutePath().normalize();
  private static final int ENDS_WITHIN_SECONDS = 60;

  private final Process process;
  private final Path out;
  private final Path err;

  private PosternProcess(Process process, Path out, Path err) {
    this.process = process;
    this.out = out;
    this.err = err;
  }

  /** Starts it with the given arguments and returns at once. */
  static PosternProcess start(List<String> arguments, Map<String, String> environment) {
    List<String> command = new ArrayList<>(program());
    command.addAll(arguments);
    try {
      Path out = Files.createTempFile(target("logs"), "postern-", ".out");
      Path err = Files.createTempFile(target("logs"), "postern-", ".err");
      ProcessBuilder builder = new ProcessBuilder(command).directory(target("logs").toFile());
      // Tests that are not about limits ask as fast as they can.
      builder.environment().put("POSTERN_LIMITS_MODE", "off");
      builder.environment().put("POSTERN_SHED_TARGET_LATENCY", "1h");
      builder.environment().putAll(environment);
      builder.redirectOutput(out.toFile()).redirectError(err.toFile());
      return new PosternProcess(builder.start(), out, err);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** As bin/postern has it, less its look whether something must be built: the build is us. */
  private static List<String> program() {
    Path target = ROOT.resolve("server/target");
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "@" + ROOT.resolve("server/src/main/jvm/postern.options"),
        "-XX:AOTCache=" + target.resolve("postern.aot"),
        // Servers of tests are over before the JVM's second compiler would be of use.
        "-XX:TieredStopAtLevel=1",
        "-jar",
        target.resolve("postern.jar").toString());
  }

  /** Runs a command to its end. */
  static PosternProcess run(String... arguments) {
    PosternProcess command = start(List.of(arguments), Map.of());
    command.exitCode();
    return command;
  }

  /** A directory for what tests leave behind; it exists when this returns. */
  static Path target(String name) {
    try {
      return Files.createDirectories(ROOT.resolve("e2e/target").resolve(name));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** A new, empty data directory; open to all, since PostgreSQL does not run as root. */
  static Path newDataDir(String name) {
    try {
      Path dir = target("data").resolve(name + "-" + Long.toString(System.nanoTime(), 36));
      return Files.createDirectory(dir);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** Where the sources of the tests are. */
  static Path source(String path) {
    return ROOT.resolve("e2e").resolve(path);
  }

  String out() {
    return textOf(out);
  }

  String err() {
    return textOf(err);
  }

  private static String textOf(Path file) {
    try {
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  ProcessHandle handle() {
    return process.toHandle();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** SIGTERM. */
  void terminate() {
    process.destroy();
  }

  /** SIGKILL: no shutdown hook, no finally. */
  void kill() {
    process.destroyForcibly();
  }

  /** Waits for the end; fails after a minute with all that was printed. */
  int exitCode() {
    try {
      if (!process.waitFor(ENDS_WITHIN_SECONDS, TimeUnit.SECONDS)) {
        throw new AssertionError("still running after " + ENDS_WITHIN_SECONDS + " s: " + this);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
    return process.exitValue();
  }

  /** Ends it in order where it still runs. */
  @Override
  public void close() {
    if (process.isAlive()) {
      terminate();
      exitCode();
    }
  }

  @Override
  public String toString() {
    return "postern, process " + process.pid() + "\n" + out() + err();
  }
}
