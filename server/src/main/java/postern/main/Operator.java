package postern.main;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.logging.Level;
import postern.config.Config;
import postern.config.HttpSettings;
import postern.core.Origin;
import postern.sql.Migrations;

/** Runs what an operator's command does on the data, whether a server runs on it or not. */
final class Operator {
  private static final Duration PROGRESS_AFTER = Duration.ofSeconds(2);

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
        services.publicUrl.listensOn(config.get(HttpSettings.HTTP_PORT));
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

  /** Tells how far work is, a line every two seconds. */
  static LongConsumer progressOf(String what) {
    long[] told = {System.nanoTime()};
    return count -> {
      if (System.nanoTime() - told[0] > PROGRESS_AFTER.toNanos()) {
        told[0] = System.nanoTime();
        progress(count + " " + what);
      }
    };
  }
}
