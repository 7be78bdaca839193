package postern.sql;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one PostgreSQL running on a thread of its own, which also starts every process: the
 * kernel's parent-death signal comes when the starting thread ends.
 */
final class Keeper {

  private static final Duration PAUSE_MIN = Duration.ofMillis(100);

  /** Short enough to be back within five seconds, however often it has ended before. */
  private static final Duration PAUSE_MAX = Duration.ofSeconds(3);

  private static final Duration SOUND = Duration.ofMinutes(1);
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(15);

  private final Path dataDir;
  private final EmbeddedPostgres.Options options;
  private final String toolsPath;
  private final boolean overUnixSocket;
  private final PostgresLog log;
  private final Thread thread;
  private final CompletableFuture<Listening> firstReady = new CompletableFuture<>();
  private final CountDownLatch closing = new CountDownLatch(1);
  private volatile @Nullable Postmaster postmaster;
  private Duration pause = Duration.ZERO;

  Keeper(Path dataDir, EmbeddedPostgres.Options options, String toolsPath, boolean overUnixSocket) {
    this.dataDir = dataDir;
    this.options = options;
    this.toolsPath = toolsPath;
    this.overUnixSocket = overUnixSocket;
    this.log = new PostgresLog(dataDir);
    this.thread = Thread.ofPlatform().daemon().name("postgres-keeper").unstarted(this::run);
  }

  /** Blocks until PostgreSQL is ready for the first time; throws when it cannot be. */
  void start() {
    thread.start();
    try {
      firstReady.join();
    } catch (CompletionException e) {
      switch (e.getCause()) {
        case PostgresStartException cannot -> throw cannot;
        case null, default -> throw new PostgresStartException("PostgreSQL cannot start: " + e, e);
      }
    }
  }

  Listening listening() {
    return firstReady.join();
  }

  boolean isRunning() {
    Postmaster current = postmaster;
    return current != null && current.isReady();
  }

  long pid() {
    return Objects.requireNonNull(postmaster).pid();
  }

  private void run() {
    try {
      Launcher launcher = Launcher.find(PostgresUser.forCluster(Cluster.in(dataDir)), toolsPath);
      PostgresBinaries binaries = PostgresBinaries.find(options, dataDir, launcher);
      Cluster cluster = new Cluster(dataDir, launcher, binaries);
      cluster.prepare(options.progress());
      new Leftovers(cluster.path(), options.progress()).clear(Optional.empty());
      keep(launcher, binaries, cluster.path());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      fail(new PostgresStartException("PostgreSQL cannot be started in " + dataDir + ": " + e, e));
    } catch (RuntimeException e) {
      fail(e);
    } finally {
      fail(new PostgresStartException("PostgreSQL was closed while it started."));
    }
  }

  private void fail(RuntimeException e) {
    boolean starting = firstReady.completeExceptionally(e);
    if (!starting && !closed()) {
      tell("PostgreSQL is not kept running any longer: " + e.getMessage());
    }
  }

  private void keep(Launcher launcher, PostgresBinaries binaries, Path cluster)
      throws IOException, InterruptedException {
    Launcher.Directory directory = launcher.directory(cluster);
    Listening listening =
        overUnixSocket
            ? new Listening.OnSocket(SocketDirectory.choose(directory, launcher))
            : Listening.onFreePort();
    List<String> command =
        new ArrayList<>(List.of(binaries.program("postgres"), "-D", directory.name()));
    command.addAll(
        PostgresSettings.arguments(binaries.major(), options.settings(), listening.settings()));
    ProcessBuilder server = launcher.server(directory, command);
    try {
      long startedAt = System.nanoTime();
      Postmaster running = begin(server, cluster);
      firstReady.complete(listening);
      while (!closed()) {
        int exitCode = running.awaitEnd();
        if (!closed()) {
          boolean sound = System.nanoTime() - startedAt > SOUND.toNanos();
          tell("PostgreSQL ended by itself with code " + exitCode + "; starting it again ...");
          pause = sound ? Duration.ZERO : pause;
          startedAt = System.nanoTime();
          running = beginAgain(server, cluster, listening).orElse(running);
        }
      }
    } finally {
      listening.remove();
    }
  }

  private Postmaster begin(ProcessBuilder server, Path cluster)
      throws IOException, InterruptedException {
    Postmaster started = Postmaster.launch(server, cluster, log);
    postmaster = started;
    boolean ready = false;
    try {
      // close() may have come too early to see this one.
      ready = !closed() && started.awaitReady();
    } finally {
      if (!ready) {
        started.stop();
      }
    }
    if (!ready) {
      throw new PostgresStartException(
          "PostgreSQL ended while it started; its last words, in "
              + log.file()
              + ", were: "
              + log.lastWords());
    }
    return started;
  }

  /** Tries until it succeeds, or, with nothing, until this is closed. */
  private Optional<Postmaster> beginAgain(ProcessBuilder server, Path cluster, Listening listening)
      throws InterruptedException {
    while (!closing.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
      pause = longer(pause);
      try {
        new Leftovers(cluster, options.progress()).clear(listening.temporaryDirectory());
        Postmaster started = begin(server, cluster);
        tell("PostgreSQL runs again.");
        return Optional.of(started);
      } catch (IOException | RuntimeException e) {
        if (!closed()) {
          tell("PostgreSQL could not be started again: " + e.getMessage());
        }
      }
    }
    return Optional.empty();
  }

  private static Duration longer(Duration pause) {
    Duration doubled = pause.isZero() ? PAUSE_MIN : pause.multipliedBy(2);
    return doubled.compareTo(PAUSE_MAX) < 0 ? doubled : PAUSE_MAX;
  }

  private void tell(String line) {
    options.progress().accept(line);
  }

  private boolean closed() {
    return closing.getCount() == 0;
  }

  /** Stops PostgreSQL and ends the thread. A second call does nothing more. */
  void close() {
    closing.countDown();
    Postmaster current = postmaster;
    boolean interrupted = false;
    try {
      if (current != null) {
        current.stop();
      }
      thread.join(CLOSE_LIMIT);
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
