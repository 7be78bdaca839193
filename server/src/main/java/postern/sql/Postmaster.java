package postern.sql;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** One run of PostgreSQL's server as a child of this process. */
final class Postmaster {

  // Recovery reads what was written since the last checkpoint, and max_wal_size bounds that.
  private static final Duration READY_LIMIT = Duration.ofMinutes(2);
  private static final Duration FAST_STOP_LIMIT = Duration.ofSeconds(10);
  private static final Duration QUICK_STOP_LIMIT = Duration.ofSeconds(3);
  private static final long POLL_MILLIS = 5;

  private final Process process;
  private final Path cluster;

  private Postmaster(Process process, Path cluster) {
    this.process = process;
    this.cluster = cluster;
  }

  /** Starts the server. The calling thread must live as long as the server should. */
  static Postmaster launch(ProcessBuilder command, Path cluster, PostgresLog log)
      throws IOException {
    Program.cleanEnvironment(command);
    Process process = command.redirectErrorStream(true).start();
    log.keep(process.getInputStream());
    return new Postmaster(process, cluster);
  }

  /**
   * Waits until the server takes connections.
   *
   * @return false when it ended instead
   */
  boolean awaitReady() throws InterruptedException {
    long deadline = System.nanoTime() + READY_LIMIT.toNanos();
    while (!isReady()) {
      if (process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
        return false;
      }
      if (System.nanoTime() > deadline) {
        throw new PostgresStartException(
            "PostgreSQL was not ready within " + READY_LIMIT.toSeconds() + " s.");
      }
    }
    return true;
  }

  /** The file alone proves nothing: a killed server's still says ready. */
  boolean isReady() {
    return process.isAlive()
        && PostmasterFile.read(cluster)
            .filter(file -> file.pid() == process.pid() && file.ready())
            .isPresent();
  }

  long pid() {
    return process.pid();
  }

  /** Waits for the end, however it comes. */
  int awaitEnd() throws InterruptedException {
    return process.waitFor();
  }

  /** Stops the server cleanly, or, when it does not stop in 10 s, without a last checkpoint. */
  void stop() throws InterruptedException {
    if (Platform.isWindows()) {
      process.destroy();
    } else if (process.isAlive()) {
      Program.signal("INT", process.pid());
    }
    if (endsWithin(FAST_STOP_LIMIT)) {
      return;
    }
    if (!Platform.isWindows()) {
      Program.signal("QUIT", process.pid());
    }
    if (!endsWithin(QUICK_STOP_LIMIT)) {
      process.destroyForcibly();
    }
  }

  private boolean endsWithin(Duration limit) throws InterruptedException {
    return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
  }
}
