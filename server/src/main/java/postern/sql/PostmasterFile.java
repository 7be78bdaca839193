package postern.sql;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a {@code postmaster.pid} says. It stays when its server is killed, so it proves nothing
 * alone.
 *
 * @param pid the server's process id
 * @param startedEpochSeconds when the server began
 * @param port the port, also part of a Unix socket's name
 * @param socketDirectory where the Unix socket is, or empty
 * @param ready whether the server had said that it takes connections
 */
record PostmasterFile(
    long pid, long startedEpochSeconds, int port, String socketDirectory, boolean ready) {

  static final String NAME = "postmaster.pid";

  private static final int STATUS_LINE = 7;

  /** Empty when there is no file or it is not whole, as while it is being written. */
  static Optional<PostmasterFile> read(Path cluster) {
    try {
      return parse(Files.readAllLines(cluster.resolve(NAME)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new PostgresStartException(
          "Cannot read "
              + cluster.resolve(NAME)
              + " ("
              + e
              + "): run this as the user that"
              + " started the server, or as root.",
          e);
    }
  }

  /** Where the server's Unix socket is, as other processes name it. */
  Path socketDirectoryFrom(Path cluster) {
    return socketDirectory.equals(Launcher.Directory.DESCRIPTOR)
        ? cluster
        : Path.of(socketDirectory);
  }

  private static Optional<PostmasterFile> parse(List<String> lines) {
    if (lines.size() < 5) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new PostmasterFile(
              Long.parseLong(lines.get(0).strip()),
              Long.parseLong(lines.get(2).strip()),
              Integer.parseInt(lines.get(3).strip()),
              lines.get(4),
              lines.size() > STATUS_LINE && lines.get(STATUS_LINE).strip().equals("ready")));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }
}
