package postern.sql;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** The user's directory for what can be made again. */
final class CacheDirectory {

  private CacheDirectory() {}

  /**
   * {@code postern} below {@code XDG_CACHE_HOME}, or else {@code CACHE_DIRECTORY}, which systemd
   * sets, or else below {@code ~/.cache}. Empty where there is no home either: a service may have
   * none, and a container's user may not be in the passwd file.
   */
  static Optional<Path> ofUser() {
    return of(System.getenv(), System.getProperty("user.home", ""));
  }

  static Optional<Path> of(Map<String, String> environment, String homeOfUser) {
    String home = environment.getOrDefault("HOME", "");
    return directory(environment.getOrDefault("XDG_CACHE_HOME", ""), "postern")
        // systemd.exec(5): several directories stand between colons.
        .or(() -> directory(environment.getOrDefault("CACHE_DIRECTORY", "").split(":", 2)[0], ""))
        .or(() -> directory(home, ".cache/postern"))
        .or(() -> directory(homeOfUser, ".cache/postern"));
  }

  /** Relative paths are passed over: the XDG base directory specification asks for that. */
  private static Optional<Path> directory(String parent, String name) {
    try {
      return Optional.of(Path.of(parent))
          .filter(Path::isAbsolute)
          .map(path -> name.isEmpty() ? path : path.resolve(name));
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }
}
