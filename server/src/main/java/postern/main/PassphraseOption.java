package postern.main;

import java.io.Console;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Where the passphrase of a backup comes from: never the command line, which others can see. */
final class PassphraseOption {
  private static final String VARIABLE = "POSTERN_PASSPHRASE";
  private static final int LENGTH_MIN = 12;

  @Option(
      names = "--passphrase-file",
      paramLabel = "FILE",
      description =
          "File whose first line is the passphrase; by default the variable "
              + VARIABLE
              + ", else you are asked.")
  private @Nullable Path file;

  /**
   * The passphrase.
   *
   * @param isNew whether it is to be checked, and typed twice
   */
  char[] read(CommandSpec spec, boolean isNew) {
    char[] given = file == null ? fromVariableOrConsole(spec, isNew) : fromFile(spec, file);
    if (isNew && given.length < LENGTH_MIN) {
      throw new ParameterException(
          spec.commandLine(), "the passphrase must have at least " + LENGTH_MIN + " characters");
    }
    return given;
  }

  private static char[] fromFile(CommandSpec spec, Path file) {
    try {
      return Files.readAllLines(file).stream().findFirst().orElse("").toCharArray();
    } catch (IOException e) {
      throw new ParameterException(
          spec.commandLine(), "--passphrase-file " + file + " cannot be read", e);
    }
  }

  private static char[] fromVariableOrConsole(CommandSpec spec, boolean isNew) {
    String variable = System.getenv(VARIABLE);
    if (variable != null) {
      return variable.toCharArray();
    }
    Optional<Console> terminal = Optional.ofNullable(System.console()).filter(Console::isTerminal);
    if (terminal.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(), "give a passphrase with --passphrase-file or in " + VARIABLE);
    }
    Console console = terminal.get();
    char[] typed = console.readPassword("Passphrase: ");
    if (isNew && !Arrays.equals(typed, console.readPassword("Once more: "))) {
      throw new ParameterException(spec.commandLine(), "the two passphrases differ");
    }
    return typed;
  }
}
