package postern.main;

import java.nio.file.Path;
import java.util.logging.Level;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import postern.config.Config;
import postern.config.Settings;
import postern.sql.Migrations;

/** {@code postern migrate}: brings the schema up to date without starting a server. */
@Command(
    name = "migrate",
    description = "Bring the database to the schema of this version. 'serve' does so by itself.",
    mixinStandardHelpOptions = true,
    footer = {"", "Example:", "  postern migrate --data-dir /var/lib/postern"})
final class MigrateCommand implements Runnable {
  @Mixin private DataDirOption dataDirOption = new DataDirOption();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    Log.install(System.err, Level.WARNING);
    Path dataDir = dataDirOption.folder();
    Config config = Config.load(dataDir, System.getenv(), java.util.Map.of());
    if (config.get(Settings.STORAGE_URL).isEmpty()) {
      dataDirOption.existing();
    }
    try (Storage storage = Storage.borrow(dataDir, config, Operator::progress)) {
      int applied = Migrations.apply(storage.address(), text -> {});
      spec.commandLine()
          .getOut()
          .printf(
              "schema version %s, %d migrations applied%n",
              Migrations.version(storage.address()), applied);
      spec.commandLine().getOut().flush();
    }
  }
}
