package postern.main;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code postern version}. */
@Command(
    name = "version",
    description = "Print the versions of Postern, of its Java and, if asked, of its data.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Examples:",
      "  postern version",
      "  postern version --data-dir /var/lib/postern"
    })
final class VersionCommand implements Runnable {
  /** Prints the same for {@code --version}. */
  static final class Provider implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return lines();
    }
  }

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description = "Name the PostgreSQL that made the data in this directory, too.")
  private @Nullable Path dataDir;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    for (String line : lines()) {
      out.println(line);
    }
    if (dataDir != null) {
      out.println("data " + dataVersion(dataDir));
    }
    out.flush();
  }

  private static String dataVersion(Path dataDir) {
    Path file = dataDir.resolve("postgres").resolve("PG_VERSION");
    try {
      return Files.exists(file)
          ? "postgresql " + Files.readString(file).strip()
          : "without an embedded postgresql";
    } catch (IOException e) {
      throw new UncheckedIOException(file + " cannot be read", e);
    }
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
