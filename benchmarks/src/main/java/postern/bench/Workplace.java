package postern.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;

/**
 * The folders and programs of a run, and all that has to be ended with it, however it ends.
 *
 * @param root the project
 * @param folder what the run makes; gone when it is closed
 */
record Workplace(Path root, Path folder, Deque<AutoCloseable> open) implements AutoCloseable {

  /** Makes one; it is closed, too, when the process is told to stop. */
  static Workplace open(Path root) {
    try {
      // PostgreSQL runs as a user of its own where we are root, and must be able to enter.
      Path folder =
          Files.createTempDirectory(
              "postern-bench-",
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
      Workplace workplace = new Workplace(root, folder, new ArrayDeque<>());
      Runtime.getRuntime().addShutdownHook(new Thread(workplace::close));
      return workplace;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Has something ended with the run. */
  <T extends AutoCloseable> T keep(T resource) {
    synchronized (open) {
      open.push(resource);
    }
    return resource;
  }

  /** An empty file for what a server prints. */
  Path newLog(String name) {
    try {
      return Files.createTempFile(folder, name + "-", ".log");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Path java() {
    return Path.of(System.getProperty("java.home"), "bin", "java");
  }

  /** The options under which the program is shipped. */
  String jvmOptions() {
    return "@" + root.resolve("server/src/main/jvm/postern.options");
  }

  /** A program of PostgreSQL itself: Debian's wrapper of the same name takes its time. */
  static Path postgresProgram(String name) {
    Path versions = Path.of("/usr/lib/postgresql");
    if (Files.isDirectory(versions)) {
      try (Stream<Path> found = Files.list(versions)) {
        List<Path> programs =
            found
                .map(version -> version.resolve("bin").resolve(name))
                .filter(Files::isExecutable)
                .sorted()
                .toList();
        if (!programs.isEmpty()) {
          return programs.getLast();
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return program(name, "postgresql-15");
  }

  /** A program on the path. */
  static Path program(String name, String debianPackage) {
    for (String directory : System.getenv().getOrDefault("PATH", "").split(":", -1)) {
      Path program = Path.of(directory, name);
      if (Files.isExecutable(program)) {
        return program;
      }
    }
    throw new BenchException(
        name + " is missing: run 'apt-get install " + debianPackage + "' as root");
  }

  @Override
  public void close() {
    synchronized (open) {
      while (!open.isEmpty()) {
        try {
          open.pop().close();
        } catch (Exception e) {
          Progress.say("Something did not end as it should: " + e);
        }
      }
      delete(folder);
    }
  }

  private static void delete(Path folder) {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(each);
      }
    } catch (IOException | UncheckedIOException e) {
      Progress.say(folder + " could not be deleted: " + e);
    }
  }
}
