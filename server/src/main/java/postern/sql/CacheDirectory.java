package postern.sql;

import java.nio.file.Path;

/** The user's directory for what can be made again. */
final class CacheDirectory {

  private CacheDirectory() {}

  /** {@code postern} below {@code XDG_CACHE_HOME}, or else below {@code ~/.cache}. */
  static Path ofUser() {
    String xdg = System.getenv("XDG_CACHE_HOME");
    // Relative paths there are to be ignored, says the standard that defines it.
    if (xdg != null && Path.of(xdg).isAbsolute()) {
      return Path.of(xdg, "postern");
    }
    String home = System.getenv("HOME");
    String user = home == null || home.isEmpty() ? System.getProperty("user.home") : home;
    return Path.of(user, ".cache", "postern");
  }
}
