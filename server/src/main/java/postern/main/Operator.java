package postern.main;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.Function;
import java.util.logging.Level;
import postern.config.Config;
import postern.core.Origin;
import postern.sql.Migrations;

/** Runs what an operator's command does on the data, whether a server runs on it or not. */
final class Operator {
  private Operator() {}

  /** Opens the services, works with them as an operator, and closes what had to be opened. */
  static <T> T with(Path dataDir, Function<Services, T> work) {
    Log.install(System.err, Level.WARNING);
    Config config = Config.load(dataDir, System.getenv(), Map.of());
    try (Storage storage = Storage.borrow(dataDir, config, Operator::progress)) {
      Migrations.apply(storage.address(), Operator::progress);
      try (Services services =
          new Services(
              config, dataDir, storage.address(), InstantSource.system(), new SecureRandom())) {
        return ScopedValue.where(
                Origin.CURRENT, Origin.command(System.getProperty("user.name", "")))
            .call(() -> work.apply(services));
      }
    }
  }

  /** Progress goes beside the output, which may be read by a program. */
  static void progress(String text) {
    System.err.println(text);
  }
}
