package postern.main;

import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code postern version}. */
@Command(
    name = "version",
    description = "Print the versions of Postern and of the Java that runs it.",
    mixinStandardHelpOptions = true,
    footer = {"", "Example:", "  postern version"})
final class VersionCommand implements Runnable {
  /** Prints the same for {@code --version}. */
  static final class Provider implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return lines();
    }
  }

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    for (String line : lines()) {
      out.println(line);
    }
    out.flush();
  }

  /** The version in the jar's manifest; {@code development} outside of a jar. */
  static String version() {
    String version = Main.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }

  private static String[] lines() {
    return new String[] {"postern " + version(), "java " + Runtime.version()};
  }
}
