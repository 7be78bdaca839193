package postern.sql;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Which processes serve a given data directory of PostgreSQL. */
final class PostmasterProcesses {

  private static final Path PROC = Path.of("/proc");
  private static final Duration START_TOLERANCE = Duration.ofSeconds(10);

  private PostmasterProcesses() {}

  /**
   * Whether the process that the file names still serves the directory. An id that another program
   * got meanwhile does not count, nor does a process that is dead and only not yet reaped.
   */
  static boolean isServing(PostmasterFile file, Path cluster) {
    return Platform.isLinux()
        ? servesOnLinux(file.pid(), cluster)
        : ProcessHandle.of(file.pid())
            .map(ProcessHandle::info)
            .filter(i -> fits(i, file))
            .isPresent();
  }

  /** The id of the living server of the directory, if there is one. */
  static Optional<PostmasterFile> serving(Path cluster) {
    return PostmasterFile.read(cluster).filter(file -> isServing(file, cluster));
  }

  /**
   * All processes of PostgreSQL that work in the directory. When its server is dead they are
   * orphans: backends that still hold its shared memory. Found on Linux only.
   */
  static List<ProcessHandle> workingIn(Path cluster) throws IOException {
    List<ProcessHandle> found = new ArrayList<>();
    if (Platform.isLinux()) {
      try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[1-9]*")) {
        for (Path process : processes) {
          long pid = Long.parseLong(process.getFileName().toString());
          if (servesOnLinux(pid, cluster)) {
            ProcessHandle.of(pid).ifPresent(found::add);
          }
        }
      }
    }
    return found;
  }

  // Every process of PostgreSQL has the data directory as its working directory.
  private static boolean servesOnLinux(long pid, Path cluster) {
    Path process = PROC.resolve(Long.toString(pid));
    try {
      return isPostgres(process)
          && Files.readSymbolicLink(process.resolve("cwd")).equals(cluster.toRealPath());
    } catch (AccessDeniedException e) {
      // Not ours to look into. PostgreSQL runs only as the owner of its data.
      return sameOwner(process, cluster);
    } catch (IOException | UncheckedIOException e) {
      // It ended while we looked.
      return false;
    }
  }

  private static boolean isPostgres(Path process) throws IOException {
    return Files.readString(process.resolve("comm")).strip().equals("postgres");
  }

  private static boolean sameOwner(Path process, Path cluster) {
    try {
      return Files.getOwner(process).equals(Files.getOwner(cluster));
    } catch (IOException e) {
      return false;
    }
  }

  private static boolean fits(ProcessHandle.Info info, PostmasterFile file) {
    Instant started = Instant.ofEpochSecond(file.startedEpochSeconds());
    return info.command().filter(command -> command.contains("postgres")).isPresent()
        && info.startInstant()
            .filter(i -> Duration.between(started, i).abs().compareTo(START_TOLERANCE) < 0)
            .isPresent();
  }
}
