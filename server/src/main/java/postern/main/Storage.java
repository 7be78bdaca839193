package postern.main;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import postern.config.Config;
import postern.config.ConfigException;
import postern.config.Settings;
import postern.core.Masked;
import postern.sql.DataDirectoryLock;
import postern.sql.EmbeddedPostgres;
import postern.sql.PostgresAddress;

/** The PostgreSQL of a data directory: our own, or the one that {@code storage.url} names. */
final class Storage implements AutoCloseable {
  private static final String DATABASE = "postgres";

  private final PostgresAddress address;
  private final @Nullable EmbeddedPostgres embedded;
  private final @Nullable DataDirectoryLock lock;

  private Storage(
      PostgresAddress address,
      @Nullable EmbeddedPostgres embedded,
      @Nullable DataDirectoryLock lock) {
    this.address = address;
    this.embedded = embedded;
    this.lock = lock;
  }

  /**
   * Takes the data directory for this process alone, and starts what must be started.
   *
   * @throws DataDirectoryLock.HeldException if another process has it
   */
  static Storage own(Path dataDir, Config config, Consumer<String> progress) {
    DataDirectoryLock lock = DataDirectoryLock.take(dataDir);
    try {
      Optional<PostgresAddress> external = externalIn(config);
      if (external.isPresent()) {
        return new Storage(external.get(), null, lock);
      }
      EmbeddedPostgres embedded = EmbeddedPostgres.start(lock, optionsIn(config, progress));
      return new Storage(embedded.address(DATABASE), embedded, lock);
    } catch (RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  /** For a command: the PostgreSQL of the server that runs on the directory, else an own one. */
  static Storage borrow(Path dataDir, Config config, Consumer<String> progress) {
    Optional<PostgresAddress> external = externalIn(config);
    if (external.isPresent()) {
      return new Storage(external.get(), null, null);
    }
    try {
      return own(dataDir, config, progress);
    } catch (DataDirectoryLock.HeldException held) {
      return EmbeddedPostgres.attach(dataDir, DATABASE)
          .map(address -> new Storage(address, null, null))
          .orElseThrow(() -> held);
    }
  }

  private static EmbeddedPostgres.Options optionsIn(Config config, Consumer<String> progress) {
    EmbeddedPostgres.Options options = EmbeddedPostgres.Options.defaults().withProgress(progress);
    return config.get(Settings.STORAGE_POSTGRES_BIN).map(options::withPostgresBin).orElse(options);
  }

  private static Optional<PostgresAddress> externalIn(Config config) {
    String url = config.get(Settings.STORAGE_URL);
    if (url.isEmpty()) {
      return Optional.empty();
    }
    if (!url.startsWith("jdbc:postgresql:")) {
      throw new ConfigException(
          "storage.url must begin with jdbc:postgresql:, as in jdbc:postgresql://db.internal/postern");
    }
    if (!Masked.url(url).equals(url)) {
      // What stands in a URL ends up in the logs of every tool that it is given to.
      throw new ConfigException("storage.url must not hold a password: use storage.password");
    }
    Map<String, String> properties = new HashMap<>();
    putIfSet(properties, "user", config.get(Settings.STORAGE_USER));
    putIfSet(properties, "password", config.get(Settings.STORAGE_PASSWORD));
    return Optional.of(new PostgresAddress(url, properties));
  }

  private static void putIfSet(Map<String, String> properties, String name, String value) {
    if (!value.isEmpty()) {
      properties.put(name, value);
    }
  }

  PostgresAddress address() {
    return address;
  }

  /** Whether the database's process is there; of one that is not ours nothing else is known. */
  boolean isRunning() {
    return embedded == null || embedded.isRunning();
  }

  @Override
  public void close() {
    if (embedded != null) {
      embedded.close();
    }
    if (lock != null) {
      lock.close();
    }
  }
}
