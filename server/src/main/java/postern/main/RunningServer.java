package postern.main;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;
import postern.config.Config;
import postern.config.ConfigException;
import postern.config.HttpSettings;
import postern.crypto.LocalCa;
import postern.crypto.ServerIdentity;
import postern.sql.Migrations;

/** A whole server on its data directory: storage, schema, certificate, application. */
final class RunningServer implements AutoCloseable {
  private final Storage storage;
  private final App app;
  private final Optional<LocalCa> localCa;

  private RunningServer(Storage storage, App app, Optional<LocalCa> localCa) {
    this.storage = storage;
    this.app = app;
    this.localCa = localCa;
  }

  /** Starts it; when this returns, it answers. */
  static RunningServer start(Path dataDir, Config config, Consumer<String> progress) {
    InstantSource clock = InstantSource.system();
    Storage storage = Storage.own(dataDir, config, progress);
    try {
      Migrations.apply(storage.address(), progress);
      Optional<LocalCa> localCa =
          config.get(HttpSettings.TLS_CERTIFICATE).isPresent()
              ? Optional.empty()
              : Optional.of(LocalCa.open(dataDir, clock));
      ServerIdentity identity =
          localCa
              .map(ca -> ca.identity(config.get(HttpSettings.TLS_NAMES)))
              .orElseGet(() -> identityIn(config, clock));
      Services services =
          new Services(config, dataDir, storage.address(), clock, new SecureRandom());
      App app = App.start(services, config, identity.serverContext(), storage::isRunning, clock);
      return new RunningServer(storage, app, localCa);
    } catch (RuntimeException e) {
      storage.close();
      throw e;
    }
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

  @Override
  public void close() {
    app.close();
    storage.close();
  }
}
