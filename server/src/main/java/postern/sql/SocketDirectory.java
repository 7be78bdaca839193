package postern.sql;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Where the Unix socket of the embedded PostgreSQL is, always in a directory of mode 0700.
 *
 * <p>That is PostgreSQL's own data directory, or, where its path is too long for a socket, a short
 * one with a random name below the system's temporary directory. Nobody can have made that one
 * before: making it fails when it exists.
 *
 * @param path the directory as this process names it
 * @param name the directory as PostgreSQL names it
 */
record SocketDirectory(Path path, String name) {

  static final int PORT = 5432;

  // Linux takes 107 bytes, macOS 103.
  private static final int SOCKET_BYTES_MAX = 103;
  private static final String TEMPORARY = "postern-pg-";

  static SocketDirectory choose(Launcher.Directory cluster, Launcher launcher) throws IOException {
    return fits(cluster.path())
        ? new SocketDirectory(cluster.path(), cluster.name())
        : temporary(cluster.path(), launcher);
  }

  private static SocketDirectory temporary(Path cluster, Launcher launcher) throws IOException {
    for (Path parent : List.of(Path.of(System.getProperty("java.io.tmpdir")), Path.of("/tmp"))) {
      if (fits(parent.resolve(TEMPORARY + Long.MAX_VALUE)) && launcher.canReach(parent)) {
        Path made = Files.createTempDirectory(parent, TEMPORARY);
        Optional<PostgresUser> user = launcher.user();
        if (user.isPresent()) {
          user.get().own(made);
        }
        return new SocketDirectory(made, made.toString());
      }
    }
    throw new PostgresStartException(
        "The path "
            + cluster
            + " is too long for a Unix socket, and so is the temporary directory's: choose a"
            + " shorter --data-dir.");
  }

  private static boolean fits(Path directory) {
    return socket(directory, PORT).toString().getBytes(UTF_8).length <= SOCKET_BYTES_MAX;
  }

  static Path socket(Path directory, int port) {
    return directory.resolve(".s.PGSQL." + port);
  }

  boolean isTemporary() {
    return isTemporary(path);
  }

  private static boolean isTemporary(Path directory) {
    Path last = directory.getFileName();
    return last != null && last.toString().startsWith(TEMPORARY);
  }

  /** Removes the directory if it was a temporary one. */
  void remove() throws IOException {
    if (isTemporary()) {
      Trees.delete(path);
    }
  }

  /**
   * Removes a dead server's socket, whose lock names a process id that another program may have
   * now, and its directory if that was a temporary one and is not in use again.
   */
  static void clear(Path directory, int port, Optional<Path> inUse) throws IOException {
    Path socket = socket(directory, port);
    Files.deleteIfExists(socket);
    Files.deleteIfExists(socket.resolveSibling(socket.getFileName() + ".lock"));
    if (isTemporary(directory) && !inUse.equals(Optional.of(directory))) {
      Trees.delete(directory);
    }
  }
}
