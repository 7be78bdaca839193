package postern.sql;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Builds the commands that run PostgreSQL's programs: as the right user, in a session of their own,
 * and tied to the life of this process.
 *
 * <p>The tie is the kernel's parent-death signal where {@code setpriv} can ask for it. It comes
 * when the <em>thread</em> that started the program ends, so that thread must live as long as the
 * program should. Elsewhere a shell waits beside the server for the end of a pipe from this
 * process.
 */
final class Launcher {

  // $$ is the server's own process id, which exec keeps. The pipe ends when our process does; the
  // check of postmaster.pid keeps the shell from a stranger that got the id meanwhile.
  private static final String WATCHED =
      """
      exec 3<&0 </dev/null
      ( (
        trap '' INT TERM HUP
        cat <&3
        for attempt in 1 2 3 4 5; do
          kill -0 $$ || exit 0
          if [ "$(head -n 1 postmaster.pid)" = $$ ]; then kill -INT $$; exit 0; fi
          sleep 1
        done
      ) >/dev/null 2>&1 & )
      exec "$@" 3<&-
      """;

  // Root opens the directory; the descriptor needs no right to search what lies above it.
  private static final String OPENED = "exec 9<\"$0\"; exec \"$@\"";

  private final Optional<PostgresUser> user;
  private final Optional<Path> setpriv;
  private final Optional<Path> setsid;

  private Launcher(Optional<PostgresUser> user, Optional<Path> setpriv, Optional<Path> setsid) {
    this.user = user;
    this.setpriv = setpriv;
    this.setsid = setsid;
  }

  /**
   * Looks for the helpers in a list of directories such as {@code PATH}.
   *
   * @throws PostgresStartException for root without {@code setpriv}
   */
  static Launcher find(Optional<PostgresUser> user, String searchPath) {
    Optional<Path> setpriv = tool("setpriv", searchPath).filter(Launcher::canSignalOnDeath);
    if (user.isPresent() && setpriv.isEmpty()) {
      throw new PostgresStartException(
          "PostgreSQL refuses to run as root, and setpriv, which would run it as another user, is"
              + " missing: install util-linux, or run this program as an ordinary user.");
    }
    return new Launcher(user, setpriv, tool("setsid", searchPath));
  }

  // The small setpriv of BusyBox lacks the option.
  private static boolean canSignalOnDeath(Path setpriv) {
    return Program.run(new ProcessBuilder(setpriv.toString(), "--help"))
        .output()
        .contains("--pdeathsig");
  }

  private static Optional<Path> tool(String name, String searchPath) {
    for (String directory : searchPath.split(File.pathSeparator, -1)) {
      Path tool = Path.of(directory, name);
      if (!directory.isEmpty() && Files.isExecutable(tool)) {
        return Optional.of(tool);
      }
    }
    return Optional.empty();
  }

  /** The user that programs run as, when it is not this process's own. */
  Optional<PostgresUser> user() {
    return user;
  }

  /** A program that does its work and ends. */
  ProcessBuilder program(Directory directory, List<String> command) {
    return new ProcessBuilder(in(directory, command)).directory(directory.start().toFile());
  }

  /** A server that ends with this process. Its standard input must stay open until then. */
  ProcessBuilder server(Directory directory, List<String> command) {
    if (setpriv.isPresent() || Platform.isWindows()) {
      return program(directory, command);
    }
    List<String> watched = new ArrayList<>(List.of("sh", "-c", WATCHED, "sh"));
    watched.addAll(command);
    return program(directory, watched);
  }

  private List<String> in(Directory directory, List<String> command) {
    List<String> whole = new ArrayList<>();
    if (!directory.isReachable()) {
      whole.addAll(List.of("sh", "-c", OPENED, directory.path().toString()));
    }
    // Away from the terminal: its interrupt is for us, who stop PostgreSQL after the last request.
    setsid.ifPresent(tool -> whole.add(tool.toString()));
    setpriv.ifPresent(
        tool -> {
          whole.addAll(List.of(tool.toString(), "--no-new-privs", "--pdeathsig", "INT"));
          user.ifPresent(as -> whole.addAll(dropTo(as)));
        });
    whole.addAll(command);
    return whole;
  }

  private static List<String> dropTo(PostgresUser user) {
    return List.of("--reuid", "" + user.uid(), "--regid", "" + user.gid(), "--clear-groups");
  }

  /** How PostgreSQL's programs can name the directory. */
  Directory directory(Path path) {
    return canReach(path) ? Directory.reachable(path) : Directory.open(path);
  }

  /** Whether PostgreSQL's user may enter the directory by its path. */
  boolean canReach(Path directory) {
    return user.isEmpty()
        || Program.run(
                program(
                    Directory.reachable(Path.of("/")), List.of("test", "-x", directory.toString())))
            .succeeded();
  }

  /**
   * A directory that a program works on.
   *
   * @param path where it is
   * @param name how the program names it
   */
  record Directory(Path path, String name) {

    static final String DESCRIPTOR = "/proc/self/fd/9";

    static Directory reachable(Path path) {
      return new Directory(path, path.toString());
    }

    /** Below a directory that only root may search: passed on as an open descriptor instead. */
    static Directory open(Path path) {
      return new Directory(path, DESCRIPTOR);
    }

    boolean isReachable() {
      return !name.equals(DESCRIPTOR);
    }

    // PostgreSQL 15 leaves its working directory and returns to it by path.
    private Path start() {
      return isReachable() ? path : Path.of("/");
    }
  }
}
