package postern.main;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import postern.config.Config;
import postern.config.ConfigException;
import postern.config.HttpSettings;
import postern.config.RefusedException;
import postern.crypto.LocalCa;
import postern.crypto.ServerIdentity;
import postern.sql.DataDirectoryLock;
import postern.sql.Migrations;

/** A whole server on its data directory: storage, schema, certificate, application. */
final class RunningServer implements AutoCloseable {
  private final Storage storage;
  private final App app;
  private final Optional<LocalCa> localCa;
  private final Config config;

  private RunningServer(Storage storage, App app, Optional<LocalCa> localCa, Config config) {
    this.config = config;
    this.storage = storage;
    this.app = app;
    this.localCa = localCa;
  }

  /** Starts it; when this returns, it answers. */
  static RunningServer start(Path dataDir, Config config, Consumer<String> progress) {
    InstantSource clock = InstantSource.system();
    // Under the lock: a server that runs on the directory is named before its ports are.
    try (DataDirectoryLock _ = DataDirectoryLock.take(dataDir)) {
      Ports.requireFree(config);
    }
    Storage storage = Storage.own(dataDir, config, progress);
    try {
      Migrations.apply(storage.address(), progress);
      Optional<LocalCa> localCa =
          config.get(HttpSettings.TLS_CERTIFICATE).isPresent()
              ? Optional.empty()
              : Optional.of(LocalCa.open(dataDir, clock));
      ServerIdentity identity =
          localCa
              .map(ca -> ca.identity(namesIn(config)))
              .orElseGet(() -> identityIn(config, clock));
      Services services =
          new Services(config, dataDir, storage.address(), clock, new SecureRandom());
      App app = App.start(services, config, identity.serverContext(), storage::isRunning, clock);
      RunningServer running = new RunningServer(storage, app, localCa, config);
      running.requireListening();
      return running;
    } catch (RuntimeException e) {
      storage.close();
      throw e;
    }
  }

  private void requireListening() {
    try {
      Ports.requireListening(app.server(), config);
    } catch (RefusedException e) {
      app.close();
      throw e;
    }
  }

  /** The names of the certificate: those that are set, and the address that it listens on. */
  private static List<String> namesIn(Config config) {
    String host = LocalUrl.host(config.get(HttpSettings.HTTP_BIND));
    return Stream.concat(config.get(HttpSettings.TLS_NAMES).stream(), Stream.of(host))
        .distinct()
        .toList();
  }

  private static ServerIdentity identityIn(Config config, InstantSource clock) {
    return ServerIdentity.fromPem(
        config.get(HttpSettings.TLS_CERTIFICATE).orElseThrow(),
        config
            .get(HttpSettings.TLS_KEY)
            .orElseThrow(() -> new ConfigException("tls.certificate needs tls.key beside it")),
        clock);
  }

  App app() {
    return app;
  }

  /** The CA that made the certificate; empty where an operator's own is used. */
  Optional<LocalCa> localCa() {
    return localCa;
  }

  /** Where the plain port is reached from this machine. */
  String http() {
    return LocalUrl.of("http", config.get(HttpSettings.HTTP_BIND), app.server().httpPort());
  }

  /** Where the TLS port is reached from this machine. */
  String https() {
    return LocalUrl.of("https", config.get(HttpSettings.HTTP_BIND), app.server().httpsPort());
  }

  /** Where the port for health and metrics is reached from this machine. */
  String admin() {
    return LocalUrl.of("http", config.get(HttpSettings.ADMIN_BIND), app.server().adminPort());
  }

  @Override
  public void close() {
    app.close();
    storage.close();
  }
}
