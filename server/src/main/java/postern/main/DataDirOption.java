package postern.main;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;
import postern.config.RefusedException;

/** The option that every command has that needs the data. */
final class DataDirOption {
  /** What a server leaves at its first start: its own database, or the keys of an external one. */
  private static final List<String> SIGNS_OF_A_SERVER = List.of("postgres", "keyset.json");

  private static final String SIGN_OF_POSTGRES = "PG_VERSION";

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      defaultValue = "./postern-data",
      description = "Where everything is kept (default: ${DEFAULT-VALUE}).")
  private Path dataDir = Path.of("./postern-data");

  /**
   * The directory, absolute, made where it is missing: for commands that make a server's data.
   *
   * @throws RefusedException if it cannot be one
   */
  Path made() {
    Path path = absolute();
    if (!Files.exists(path)) {
      make(path);
    }
    requireReadable(path);
    if (!Files.isWritable(path)) {
      throw new RefusedException(
          "this user may not write in "
              + path
              + ": give the directory to this user, or choose another with --data-dir");
    }
    if (Files.exists(path.resolve(SIGN_OF_POSTGRES))) {
      throw new RefusedException(
          path
              + " is a data directory of PostgreSQL itself: name the directory above it, or an"
              + " empty one, with --data-dir");
    }
    return path;
  }

  /**
   * The directory, absolute, which holds a server's data: for commands that work on them.
   *
   * @throws RefusedException if it does not; nothing is made then
   */
  Path existing() {
    Path path = folder();
    if (SIGNS_OF_A_SERVER.stream().noneMatch(name -> Files.exists(path.resolve(name)))) {
      throw new RefusedException(
          path
              + " holds no data of a Postern server: correct --data-dir, or make a server there"
              + " with 'postern serve'");
    }
    return path;
  }

  /**
   * The directory, absolute, which may be without data: for commands that read settings alone.
   *
   * @throws RefusedException if it is missing or cannot be read; nothing is made then
   */
  Path folder() {
    Path path = absolute();
    if (!Files.exists(path)) {
      throw new RefusedException(
          "there is no data directory "
              + path
              + ": correct --data-dir, or make a server there with 'postern serve'");
    }
    requireReadable(path);
    return path;
  }

  private Path absolute() {
    if (dataDir.toString().isBlank()) {
      throw new RefusedException("--data-dir is empty: name a directory");
    }
    return dataDir.toAbsolutePath().normalize();
  }

  private static void requireReadable(Path path) {
    if (!Files.isDirectory(path)) {
      throw new RefusedException(
          path + " is a file, not a directory: name a directory with --data-dir");
    }
    if (!Files.isReadable(path) || !Files.isExecutable(path)) {
      throw new RefusedException(
          "this user may not read "
              + path
              + ": run this as the owner of the directory, or correct --data-dir");
    }
  }

  private static void make(Path path) {
    try {
      Files.createDirectories(path);
    } catch (AccessDeniedException e) {
      throw new RefusedException(
          "this user may not make the data directory "
              + path
              + ": make it and give it to this user, or choose another with --data-dir",
          e);
    } catch (IOException e) {
      throw new RefusedException(
          "the data directory "
              + path
              + " cannot be made ("
              + Failures.reasonOf(e)
              + "): choose another with --data-dir",
          e);
    }
  }
}
