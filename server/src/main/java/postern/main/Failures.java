package postern.main;

import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;
import postern.backup.BackupException;
import postern.config.ConfigException;
import postern.core.ApiException;
import postern.crypto.CryptoSetupException;
import postern.sql.DataDirectoryLock;
import postern.sql.PostgresStartException;

/** Turns what went wrong in a command into a sentence and an exit code. */
final class Failures implements IExecutionExceptionHandler {
  static final int FAILED = 1;
  static final int NOT_USABLE = 2;
  static final int DATA_DIRECTORY_HELD = 3;

  @Override
  public int handleExecutionException(Exception thrown, CommandLine command, ParseResult parsed) {
    command.getErr().println("postern: " + sentenceOf(thrown));
    command.getErr().flush();
    return switch (thrown) {
      case ConfigException e -> NOT_USABLE;
      case DataDirectoryLock.HeldException e -> DATA_DIRECTORY_HELD;
      default -> FAILED;
    };
  }

  private static String sentenceOf(Exception thrown) {
    return switch (thrown) {
      case ConfigException e -> String.valueOf(e.getMessage());
      case BackupException e -> String.valueOf(e.getMessage());
      case CryptoSetupException e -> String.valueOf(e.getMessage());
      case DataDirectoryLock.HeldException e -> String.valueOf(e.getMessage());
      case PostgresStartException e -> String.valueOf(e.getMessage());
      case ApiException.Invalid e ->
          e.errors().stream()
              .map(error -> error.field() + " " + error.message())
              .collect(Collectors.joining("; "));
      case ApiException e -> e.code().message();
      default -> unexpected(thrown);
    };
  }

  private static String unexpected(Exception thrown) {
    System.getLogger(Main.class.getName())
        .log(System.Logger.Level.ERROR, "the command failed", thrown);
    return "failed unexpectedly: " + thrown;
  }
}
