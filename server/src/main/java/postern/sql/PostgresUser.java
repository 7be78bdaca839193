package postern.sql;

import com.sun.security.auth.module.UnixSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The user that PostgreSQL runs as when this process is root, since PostgreSQL refuses root.
 *
 * @param uid the user's number, never 0
 * @param gid the number of its group
 */
record PostgresUser(int uid, int gid) {

  private static final List<String> NAMES = List.of("postgres", "nobody");

  static boolean weAreRoot() {
    return !Platform.isWindows() && new UnixSystem().getUid() == 0;
  }

  /**
   * Empty when this process is not root. For root it is the owner of the data that exist already,
   * else {@code postgres}, else {@code nobody}.
   */
  static Optional<PostgresUser> forCluster(Path cluster) throws IOException {
    if (!weAreRoot()) {
      return Optional.empty();
    }
    return Optional.of(Files.exists(cluster) ? ownerOf(cluster) : named());
  }

  private static PostgresUser ownerOf(Path cluster) throws IOException {
    int uid = (int) Files.getAttribute(cluster, "unix:uid");
    if (uid == 0) {
      throw new PostgresStartException(
          cluster
              + " belongs to root, as whom PostgreSQL refuses to run: give it to another user with"
              + " chown -R.");
    }
    return new PostgresUser(uid, (int) Files.getAttribute(cluster, "unix:gid"));
  }

  private static PostgresUser named() {
    for (String name : NAMES) {
      Optional<Integer> uid = id("-u", name);
      Optional<Integer> gid = id("-g", name);
      if (uid.isPresent() && gid.isPresent() && uid.get() != 0) {
        return new PostgresUser(uid.get(), gid.get());
      }
    }
    throw new PostgresStartException(
        "PostgreSQL refuses to run as root and there is no user named postgres or nobody: run"
            + " this program as an ordinary user.");
  }

  private static Optional<Integer> id(String option, String name) {
    Program.Result result = Program.run(new ProcessBuilder("id", option, name));
    return result.succeeded()
        ? Optional.of(Integer.valueOf(result.output().strip()))
        : Optional.empty();
  }

  /** Makes this user the owner of a file or directory, not of what is in it. */
  void own(Path path) throws IOException {
    Files.setAttribute(path, "unix:gid", gid);
    Files.setAttribute(path, "unix:uid", uid);
  }
}
