package postern.crypto;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;

/**
 * Run by a test in a JVM that has only our own classes: opens an existing authority, and would end
 * with a NoClassDefFoundError if that needed a library.
 */
final class StartWithoutLibraries {

  private StartWithoutLibraries() {}

  public static void main(String[] args) {
    LocalCa ca = LocalCa.open(Path.of(args[0]), InstantSource.system());
    ca.identity(List.of(args[1].split(",", -1))).serverContext();
  }
}
