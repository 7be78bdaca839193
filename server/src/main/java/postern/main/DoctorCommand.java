package postern.main;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.logging.Level;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import postern.config.Config;

/** {@code postern doctor}: looks whether everything is as it should be. */
@Command(
    name = "doctor",
    description = {
      "Look whether everything is as it should be, and say what to do where it is not.",
      "It changes nothing. A server may run meanwhile."
    },
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:everything is well, or nearly", "1:something must be done"},
    footer = {"", "Example:", "  postern doctor --data-dir /var/lib/postern"})
final class DoctorCommand implements Callable<Integer> {
  @Mixin private DataDirOption dataDirOption = new DataDirOption();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    Log.install(System.err, Level.SEVERE);
    Path dataDir = dataDirOption.existing();
    Config config = Config.load(dataDir, System.getenv(), Map.of());
    PrintWriter out = spec.commandLine().getOut();
    Map<Doctor.Health, Integer> counts = new EnumMap<>(Doctor.Health.class);
    new Doctor(
            dataDir,
            config,
            finding -> {
              counts.merge(finding.health(), 1, Integer::sum);
              out.printf("%-7s %s%n", finding.health().word(), finding.what());
              if (!finding.advice().isEmpty()) {
                out.printf("        -> %s%n", finding.advice());
              }
              out.flush();
            })
        .examine();
    out.printf(
        "%d well, %d to look at, %d to be done%n",
        counts.getOrDefault(Doctor.Health.WELL, 0),
        counts.getOrDefault(Doctor.Health.DOUBTFUL, 0),
        counts.getOrDefault(Doctor.Health.ILL, 0));
    out.flush();
    return !counts.containsKey(Doctor.Health.ILL) ? 0 : Failures.FAILED;
  }
}
