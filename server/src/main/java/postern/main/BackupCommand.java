package postern.main;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Map;
import java.util.logging.Level;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import postern.backup.Backup;
import postern.config.Config;
import postern.sql.Migrations;

/** {@code postern backup}: everything in one file. */
@Command(
    name = "backup",
    description = {
      "Write everything into one file, sealed by a passphrase: every table as it is at one moment,"
          + " and the keys without which nobody can read them.",
      "A server may run meanwhile. Settings (postern.properties) are not in it, nor a certificate"
          + " of your own."
    },
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Examples:",
      "  postern backup postern-2026-11-23.backup",
      "  postern backup --passphrase-file /etc/postern/passphrase /backups/tonight.backup"
    })
final class BackupCommand implements Runnable {
  private static final long BYTES_PER_KILOBYTE = 1_000;

  @Mixin private DataDirOption dataDirOption = new DataDirOption();
  @Mixin private PassphraseOption passphrase = new PassphraseOption();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(
      paramLabel = "FILE",
      description = "The file to write; one that is there is replaced.")
  private Path file = Path.of("");

  @Override
  public void run() {
    Log.install(System.err, Level.WARNING);
    char[] secret = passphrase.read(spec, true);
    Path dataDir = dataDirOption.existing();
    Config config = Config.load(dataDir, System.getenv(), Map.of());
    try (Storage storage = Storage.borrow(dataDir, config, Operator::progress)) {
      Migrations.apply(storage.address(), Operator::progress);
      Backup.Report report =
          new Backup(
                  dataDir,
                  storage.address(),
                  InstantSource.system(),
                  new SecureRandom(),
                  Operator::progress)
              .run(file.toAbsolutePath(), secret, VersionCommand.version());
      spec.commandLine()
          .getOut()
          .printf(
              "%d rows of %d tables in %s, %d kB. Keep the passphrase: without it nobody can"
                  + " restore the file.%n",
              report.rows(), report.tables(), file, report.bytes() / BYTES_PER_KILOBYTE);
      spec.commandLine().getOut().flush();
    }
  }
}
