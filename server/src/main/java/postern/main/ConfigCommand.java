package postern.main;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import postern.config.Config;

/** {@code postern config}: every setting, its value, and where that came from. */
@Command(
    name = "config",
    description = "Print every setting with its value and where the value came from.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Examples:",
      "  postern config --data-dir /var/lib/postern",
      "  POSTERN_HTTP_PORT=9000 postern config --data-dir /var/lib/postern"
    })
final class ConfigCommand implements Runnable {
  @Mixin private DataDirOption dataDirOption = new DataDirOption();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    List<Config.Entry> entries =
        Config.load(dataDirOption.folder(), System.getenv(), java.util.Map.of()).entries();
    int keyWidth = entries.stream().mapToInt(e -> e.setting().key().length()).max().orElse(0);
    int valueWidth = entries.stream().mapToInt(e -> e.shown().length()).max().orElse(0);
    PrintWriter out = spec.commandLine().getOut();
    for (Config.Entry entry : entries) {
      String source = entry.source().name().toLowerCase(Locale.ROOT);
      out.printf(
          "%-" + keyWidth + "s  %-" + Math.max(1, valueWidth) + "s  %s%n",
          entry.setting().key(),
          entry.shown(),
          source);
    }
    out.flush();
  }
}
