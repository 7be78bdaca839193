package postern.sql;

import com.sun.security.auth.module.UnixSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** The embedded PostgreSQL's data directory, {@code DIR/postgres}, and how it comes to be. */
final class Cluster {

  static final String USER = "postern";

  private static final Set<PosixFilePermission> TOO_MUCH =
      Set.of(
          PosixFilePermission.GROUP_WRITE,
          PosixFilePermission.OTHERS_READ,
          PosixFilePermission.OTHERS_WRITE,
          PosixFilePermission.OTHERS_EXECUTE);

  private static final String DIRECTORY = "postgres";
  private static final String STAGING = ".postgres-new-";
  private static final int MAJOR_WITH_BUILTIN_LOCALES = 17;

  private final Path dataDir;
  private final Launcher launcher;
  private final PostgresBinaries binaries;

  Cluster(Path dataDir, Launcher launcher, PostgresBinaries binaries) {
    this.dataDir = dataDir;
    this.launcher = launcher;
    this.binaries = binaries;
  }

  static Path in(Path dataDir) {
    return dataDir.resolve(DIRECTORY);
  }

  Path path() {
    return in(dataDir);
  }

  /** Makes the data directory where there is none, and checks the version of one that is there. */
  void prepare(Consumer<String> progress) throws IOException {
    if (Files.exists(path())) {
      check();
      closeToOthers();
      return;
    }
    requireUserName();
    Trees.deleteAll(dataDir, tree -> String.valueOf(tree.getFileName()).startsWith(STAGING));
    progress.accept("Making PostgreSQL's data directory " + path() + " ...");
    // Made beside its place and renamed when it is whole: a kill leaves nothing half-made.
    Path staging = Files.createTempDirectory(dataDir, STAGING);
    try {
      Durably.move(make(staging), dataDir, DIRECTORY);
    } finally {
      Trees.delete(staging);
    }
  }

  /**
   * PostgreSQL refuses a directory that others may write or enter. Kubernetes gives all of a volume
   * to a group at each mount where {@code fsGroup} is set.
   */
  private void closeToOthers() throws IOException {
    if (Platform.isWindows()) {
      return;
    }
    Set<PosixFilePermission> granted = Files.getPosixFilePermissions(path());
    if (granted.removeAll(TOO_MUCH)) {
      try {
        Files.setPosixFilePermissions(path(), granted);
      } catch (IOException e) {
        throw new PostgresStartException(
            path()
                + " may be entered or written by other users, which PostgreSQL refuses: chmod 700 "
                + path()
                + " as its owner.",
            e);
      }
    }
  }

  private void check() throws IOException {
    Path versionFile = path().resolve("PG_VERSION");
    if (!Files.exists(versionFile)) {
      throw new PostgresStartException(
          path()
              + " is not a data directory of PostgreSQL: move it away, or choose another"
              + " --data-dir.");
    }
    if (PostgresPassword.read(dataDir).isEmpty()) {
      throw new PostgresStartException(
          PostgresPassword.file(dataDir)
              + " is missing, and PostgreSQL admits nobody without it: restore it from a backup.");
    }
    String made = Files.readString(versionFile).strip();
    if (!made.equals(Integer.toString(binaries.major()))) {
      throw new PostgresStartException(
          path()
              + " was made by PostgreSQL "
              + made
              + ", and the programs in "
              + binaries.bin()
              + " are of version "
              + binaries.major()
              + ": set storage.postgres-bin to the bin directory of a PostgreSQL "
              + made
              + ", or move the data with pg_upgrade.");
    }
  }

  /** The program initdb looks up the name of the user that it runs as, and ends without one. */
  private void requireUserName() {
    boolean isNamed =
        Platform.isWindows()
            || launcher.user().isPresent()
            || new UnixSystem().getUsername() != null;
    if (!isNamed) {
      long uid = new UnixSystem().getUid();
      throw new PostgresStartException(
          "The user with the number "
              + uid
              + " has no name on this machine, and PostgreSQL makes no data without one: add the"
              + " line postern:x:"
              + uid
              + ":0::/:/sbin/nologin to /etc/passwd, or set storage.url to a PostgreSQL that runs.");
    }
  }

  private Path make(Path staging) throws IOException {
    Path password = staging.resolve("password");
    Path made = staging.resolve("data");
    Files.writeString(password, PostgresPassword.readOrMake(dataDir));
    own(staging);
    own(password);
    Program.Result result = new Program.Result(-1, "");
    for (List<String> locale : locales()) {
      Trees.delete(made);
      Files.createDirectory(made);
      own(made);
      result = initdb(made, locale);
      if (result.succeeded()) {
        return made;
      }
    }
    throw new PostgresStartException(
        "PostgreSQL's data directory cannot be made: " + result.output().strip());
  }

  private void own(Path path) throws IOException {
    Optional<PostgresUser> user = launcher.user();
    if (user.isPresent()) {
      user.get().own(path);
    }
  }

  private Program.Result initdb(Path made, List<String> locale) {
    Launcher.Directory directory = launcher.directory(made);
    String name = directory.name();
    List<String> command = new ArrayList<>();
    command.addAll(List.of(binaries.program("initdb"), "-D", name, "-U", USER));
    // Relative to what the program can reach: it may not be able to enter the path from its root.
    command.addAll(List.of("--pwfile", name + "/../password", "--auth", "scram-sha-256"));
    command.addAll(List.of("--data-checksums", "--no-instructions", "--encoding", "UTF8"));
    command.addAll(locale);
    return Program.run(launcher.program(directory, command));
  }

  /** In order of preference: not every system has the second, every one has the last. */
  private List<List<String>> locales() {
    if (binaries.major() >= MAJOR_WITH_BUILTIN_LOCALES) {
      return List.of(
          List.of("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"));
    }
    return List.of(List.of("--locale=C.UTF-8"), List.of("--locale=C"));
  }
}
