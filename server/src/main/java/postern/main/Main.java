package postern.main;

import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;

/** {@code postern}: the program. */
@Command(
    name = "postern",
    description = "A self-hosted account server, wire-compatible with EasyPost's Users API.",
    mixinStandardHelpOptions = true,
    versionProvider = VersionCommand.Provider.class,
    subcommands = {
      ServeCommand.class,
      DevCommand.class,
      AccountCommand.class,
      KeysCommand.class,
      AuditCommand.class,
      LedgerCommand.class,
      LimitsCommand.class,
      BackupCommand.class,
      RestoreCommand.class,
      DoctorCommand.class,
      ListenCommand.class,
      ConfigCommand.class,
      MigrateCommand.class,
      VersionCommand.class,
      TrainCommand.class,
      HelpCommand.class
    },
    synopsisSubcommandLabel = "COMMAND",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "1:failed; the message says why",
      "2:the command line or a setting cannot be used",
      "3:another process holds the data directory"
    },
    footer = {
      "",
      "Examples:",
      "  postern serve --data-dir /var/lib/postern",
      "  postern account create --data-dir /var/lib/postern --email ops@example.com --name Acme",
      "  postern config --data-dir /var/lib/postern",
      "",
      "Every setting is a key in DATA-DIR/postern.properties and an environment variable too:",
      "see 'postern config'."
    })
public final class Main {
  private Main() {}

  /** Runs the command that the arguments name, and ends with its exit code. */
  public static void main(String[] arguments) {
    Utf8.setStreams();
    int code =
        Utf8.fault(List.of(arguments), System.getenv(), System.getProperty("sun.jnu.encoding", ""))
            .map(Main::refused)
            .orElseGet(() -> commandLine().execute(arguments));
    Log.flushAll();
    System.out.flush();
    // Not exit: a stop by signal is under way in another thread when a server ends.
    if (!Shutdown.isUnderWay()) {
      System.exit(code);
    }
  }

  private static int refused(String why) {
    System.err.println("postern: " + why);
    return Failures.NOT_USABLE;
  }

  static CommandLine commandLine() {
    return new CommandLine(new Main())
        .setExecutionExceptionHandler(new Failures())
        .setUsageHelpAutoWidth(true);
  }
}
