package postern.main;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;
import postern.backup.BackupException;
import postern.config.ConfigException;
import postern.config.RefusedException;
import postern.core.ApiException;
import postern.core.Masked;
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
    command.getErr().println("postern: " + Masked.in(sentenceOf(thrown)));
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
      case RefusedException e -> String.valueOf(e.getMessage());
      case BackupException e -> String.valueOf(e.getMessage());
      case CryptoSetupException e -> String.valueOf(e.getMessage());
      case DataDirectoryLock.HeldException e -> String.valueOf(e.getMessage());
      case PostgresStartException e -> String.valueOf(e.getMessage());
      case ApiException.Invalid e ->
          e.errors().stream()
              .map(error -> error.field() + " " + error.message())
              .collect(Collectors.joining("; "));
      case ApiException e -> e.code().message();
      case UncheckedIOException e -> String.valueOf(e.getMessage()) + causeOf(e);
      default -> unexpected(thrown);
    };
  }

  private static String causeOf(UncheckedIOException thrown) {
    IOException cause = thrown.getCause();
    return cause == null ? "" : " (" + reasonOf(cause) + ")";
  }

  /** In words what went wrong with a file: the JDK's messages are often its path alone. */
  static String reasonOf(IOException thrown) {
    return switch (thrown) {
      case AccessDeniedException e -> e.getFile() + ": this user may not do that";
      case NoSuchFileException e -> e.getFile() + " does not exist";
      case FileAlreadyExistsException e -> e.getFile() + " is there already";
      case NotDirectoryException e -> e.getFile() + " is not a directory";
      case MalformedInputException e -> "it is not UTF-8";
      default -> String.valueOf(thrown.getMessage());
    };
  }

  private static String unexpected(Exception thrown) {
    System.getLogger(Main.class.getName())
        .log(System.Logger.Level.ERROR, "the command failed", thrown);
    return "failed unexpectedly: " + thrown;
  }
}
