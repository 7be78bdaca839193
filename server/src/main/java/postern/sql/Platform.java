package postern.sql;

import java.util.Locale;

/** Which operating system and processor this is, in the words that the binaries' archives use. */
final class Platform {

  private static final String OS = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
  private static final String ARCH = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);

  private Platform() {}

  static boolean isWindows() {
    return OS.startsWith("windows");
  }

  static boolean isLinux() {
    return OS.startsWith("linux");
  }

  /** Such as {@code linux-x86_64} or {@code darwin-arm_64}. */
  static String name() {
    String os = isWindows() ? "windows" : OS.startsWith("mac") ? "darwin" : "linux";
    return os + "-" + (ARCH.equals("aarch64") ? "arm_64" : "x86_64");
  }
}
