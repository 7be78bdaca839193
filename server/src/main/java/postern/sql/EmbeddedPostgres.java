package postern.sql;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A PostgreSQL of our own, run as a child process on {@code DIR/postgres} and started again
 * whenever it ends by itself. Safe for use by several threads.
 *
 * <p>It ends with this process: cleanly by {@link #close}, and by itself within seconds when this
 * process is killed.
 */
public final class EmbeddedPostgres implements AutoCloseable {

  /**
   * How to run it.
   *
   * @param postgresBin the {@code bin} directory of an installed PostgreSQL 15 or newer; empty for
   *     the programs that Postern brings
   * @param cacheDir where the programs that Postern brings are unpacked, 60 MB; where it is empty
   *     or cannot be used, that is {@code cache} in the data directory
   * @param settings PostgreSQL's settings over our defaults; durability cannot be switched off
   * @param progress told, in whole sentences, what takes time and what went wrong
   */
  public record Options(
      Optional<Path> postgresBin,
      Optional<Path> cacheDir,
      Map<String, String> settings,
      Consumer<String> progress) {

    public Options {
      settings = Map.copyOf(settings);
    }

    /** Our own programs in the user's cache directory, our defaults, silence. */
    public static Options defaults() {
      return new Options(Optional.empty(), CacheDirectory.ofUser(), Map.of(), line -> {});
    }

    /** The same with another {@code bin} directory. */
    public Options withPostgresBin(Path bin) {
      return new Options(Optional.of(bin), cacheDir, settings, progress);
    }

    /** The same with another cache directory. */
    public Options withCacheDir(Path dir) {
      return new Options(postgresBin, Optional.of(dir), settings, progress);
    }

    /** The same with other settings of PostgreSQL. */
    public Options withSettings(Map<String, String> other) {
      return new Options(postgresBin, cacheDir, other, progress);
    }

    /** The same with another listener. */
    public Options withProgress(Consumer<String> listener) {
      return new Options(postgresBin, cacheDir, settings, listener);
    }
  }

  private final Keeper keeper;
  private final String password;

  private EmbeddedPostgres(Keeper keeper, String password) {
    this.keeper = keeper;
    this.password = password;
  }

  /**
   * Starts PostgreSQL on a locked data directory and blocks until it takes connections: a fraction
   * of a second, two to three on the first start. The lock stays the caller's and must outlive
   * this.
   *
   * @throws PostgresStartException when it cannot be started; the message says what to do
   */
  public static EmbeddedPostgres start(DataDirectoryLock lock, Options options) {
    return start(lock, options, System.getenv().getOrDefault("PATH", ""), !Platform.isWindows());
  }

  /** For tests also without the system's helpers or Unix sockets. */
  static EmbeddedPostgres start(
      DataDirectoryLock lock, Options options, String toolsPath, boolean overUnixSocket) {
    Path dataDir = lock.directory();
    Keeper keeper = new Keeper(dataDir, options, toolsPath, overUnixSocket);
    keeper.start();
    return new EmbeddedPostgres(keeper, passwordOf(dataDir));
  }

  /**
   * The address of the PostgreSQL that another process of ours runs on the directory, if one does
   * and it takes connections. For commands beside a running server.
   */
  public static Optional<PostgresAddress> attach(Path dataDir, String database) {
    Path cluster = Cluster.in(dataDir.toAbsolutePath());
    return PostmasterProcesses.serving(cluster)
        .filter(PostmasterFile::ready)
        .map(file -> addressOf(file, cluster, database, passwordOf(dataDir)));
  }

  private static PostgresAddress addressOf(
      PostmasterFile file, Path cluster, String database, String password) {
    if (file.socketDirectory().isEmpty()) {
      return Addresses.onLoopback(file.port(), database, password);
    }
    Path socket = SocketDirectory.socket(file.socketDirectoryFrom(cluster), file.port());
    return Addresses.onSocket(socket, database, password);
  }

  private static String passwordOf(Path dataDir) {
    try {
      return Files.readString(PostgresPassword.file(dataDir)).strip();
    } catch (IOException e) {
      throw new PostgresStartException(
          "Cannot read "
              + PostgresPassword.file(dataDir)
              + " ("
              + e
              + "): run this as the user that runs the server.",
          e);
    }
  }

  /** Where to reach a database of it. The address stays the same across restarts. */
  public PostgresAddress address(String database) {
    return keeper.listening().address(database, password);
  }

  /** Whether it takes connections now. */
  public boolean isRunning() {
    return keeper.isRunning();
  }

  /** The process id of the server, which changes when it is started again. */
  long pid() {
    return keeper.pid();
  }

  /** Stops it cleanly; clients that are still connected are cut off. Takes 15 s at most. */
  @Override
  public void close() {
    keeper.close();
  }
}
