package postern.sql;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** What an earlier server left in the data directory, put in order before the next one starts. */
final class Leftovers {

  private static final Duration OLD_SERVER_WAIT = Duration.ofSeconds(10);
  private static final Duration ORPHAN_WAIT = Duration.ofSeconds(2);
  private static final long POLL_MILLIS = 20;

  private final Path cluster;
  private final Consumer<String> progress;

  Leftovers(Path cluster, Consumer<String> progress) {
    this.cluster = cluster;
    this.progress = progress;
  }

  /**
   * Waits for a server that is just ending, ends the orphans of a dead one and removes its files.
   *
   * @param inUse a temporary socket directory that the next server will use again
   * @throws PostgresStartException when a living server stays; nothing of it is touched
   */
  void clear(Optional<Path> inUse) throws IOException, InterruptedException {
    awaitOldServer();
    Optional<PostmasterFile> stale = PostmasterFile.read(cluster);
    endOrphans();
    // PostgreSQL would take any living process with that id for its own server, and refuses a file
    // that is empty, as a full disk or a power cut leaves it.
    Files.deleteIfExists(cluster.resolve(PostmasterFile.NAME));
    if (stale.isPresent()) {
      SocketDirectory.clear(stale.get().socketDirectoryFrom(cluster), stale.get().port(), inUse);
    }
  }

  private void awaitOldServer() throws InterruptedException {
    Optional<PostmasterFile> old = PostmasterProcesses.serving(cluster);
    if (old.isEmpty()) {
      return;
    }
    progress.accept(
        "Waiting for the earlier PostgreSQL, process id " + old.get().pid() + ", to end ...");
    long deadline = System.nanoTime() + OLD_SERVER_WAIT.toNanos();
    while (PostmasterProcesses.isServing(old.get(), cluster)) {
      if (System.nanoTime() > deadline) {
        throw new PostgresStartException(
            "PostgreSQL with process id "
                + old.get().pid()
                + " still serves "
                + cluster
                + ": end it with kill -INT "
                + old.get().pid()
                + " and start again.");
      }
      Thread.sleep(POLL_MILLIS);
    }
  }

  // Backends whose server was killed end by themselves when they next wait; a long query may not.
  private void endOrphans() throws IOException, InterruptedException {
    if (await(ORPHAN_WAIT.dividedBy(4))) {
      return;
    }
    progress.accept("Ending the orphans of a killed PostgreSQL ...");
    for (ProcessHandle orphan : PostmasterProcesses.workingIn(cluster)) {
      Program.signal("QUIT", orphan.pid());
    }
    if (await(ORPHAN_WAIT)) {
      return;
    }
    PostmasterProcesses.workingIn(cluster).forEach(ProcessHandle::destroyForcibly);
    await(ORPHAN_WAIT);
  }

  private boolean await(Duration limit) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + limit.toNanos();
    List<ProcessHandle> left = PostmasterProcesses.workingIn(cluster);
    while (!left.isEmpty() && System.nanoTime() < deadline) {
      Thread.sleep(POLL_MILLIS);
      left = PostmasterProcesses.workingIn(cluster);
    }
    return left.isEmpty();
  }
}
