package postern.main;

import java.nio.file.Path;
import java.util.Map;
import java.util.logging.Level;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import postern.backup.BackupException;
import postern.backup.Restore;
import postern.config.Config;

/** {@code postern restore}: a backup becomes a server's data again. */
@Command(
    name = "restore",
    description = {
      "Put a backup into a new data directory, or into an empty database at storage.url.",
      "Nothing changes unless all of the file is there and its sums are right. A backup of an older"
          + " version is brought up to date."
    },
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Examples:",
      "  postern restore --data-dir /var/lib/postern-new postern-2026-11-23.backup",
      "  POSTERN_STORAGE_URL=jdbc:postgresql://db.internal/postern \\",
      "    postern restore --data-dir /var/lib/postern-new tonight.backup"
    })
final class RestoreCommand implements Runnable {
  @Mixin private DataDirOption dataDirOption = new DataDirOption();
  @Mixin private PassphraseOption passphrase = new PassphraseOption();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "FILE", description = "What 'postern backup' has written.")
  private Path file = Path.of("");

  @Override
  public void run() {
    Log.install(System.err, Level.WARNING);
    Path dataDir = dataDirOption.made();
    Restore.obstacle(dataDir)
        .ifPresent(
            why -> {
              throw new BackupException(why);
            });
    char[] secret = passphrase.read(spec, false);
    Config config = Config.load(dataDir, System.getenv(), Map.of());
    try (Storage storage = Storage.own(dataDir, config, Operator::progress)) {
      Restore.Report report =
          new Restore(dataDir, storage.address(), Operator::progress)
              .run(file.toAbsolutePath(), secret);
      spec.commandLine()
          .getOut()
          .printf(
              "%d rows of %d tables restored, schema version %s. Look at it with:%n"
                  + "  postern doctor --data-dir %s%n",
              report.rows(), report.tables(), report.schema(), dataDir);
      spec.commandLine().getOut().flush();
    }
  }
}
