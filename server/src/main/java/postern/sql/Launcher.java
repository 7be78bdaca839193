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
  ProcessBuilder program(Path workingDirectory, List<String> command) {
    List<String> whole = prefix();
    whole.addAll(command);
    return new ProcessBuilder(whole).directory(workingDirectory.toFile());
  }

  /** A server that ends with this process. Its standard input must stay open until then. */
  ProcessBuilder server(Path workingDirectory, List<String> command) {
    List<String> whole = prefix();
    if (setpriv.isEmpty() && !Platform.isWindows()) {
      whole.addAll(List.of("sh", "-c", WATCHED, "sh"));
    }
    whole.addAll(command);
    return new ProcessBuilder(whole).directory(workingDirectory.toFile());
  }

  private List<String> prefix() {
    List<String> prefix = new ArrayList<>();
    // Away from the terminal: its interrupt is for us, who stop PostgreSQL after the last request.
    setsid.ifPresent(tool -> prefix.add(tool.toString()));
    setpriv.ifPresent(
        tool -> {
          prefix.addAll(List.of(tool.toString(), "--no-new-privs", "--pdeathsig", "INT"));
          user.ifPresent(as -> prefix.addAll(dropTo(as)));
        });
    return prefix;
  }

  private static List<String> dropTo(PostgresUser user) {
    return List.of("--reuid", "" + user.uid(), "--regid", "" + user.gid(), "--clear-groups");
  }

  /**
   * The name by which the programs can reach the directory that they are started in: its path, or,
   * below directories that only root may search, the kernel's name for it. That needs no right.
   */
  String nameOf(Path workingDirectory) {
    return user.isEmpty() || canReach(workingDirectory)
        ? workingDirectory.toString()
        : PostmasterFile.WORKING_DIRECTORY;
  }

  /** Whether PostgreSQL's user may enter the directory by its path. */
  boolean canReach(Path directory) {
    return user.isEmpty()
        || Program.run(program(Path.of("/"), List.of("test", "-x", directory.toString())))
            .succeeded();
  }
}
