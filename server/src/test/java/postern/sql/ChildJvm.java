package postern.sql;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A {@link PostgresChild} in a JVM of its own. */
final class ChildJvm implements AutoCloseable {

  private final Process process;
  private final String firstLine;

  private ChildJvm(Process process) throws IOException {
    this.process = process;
    firstLine =
        String.valueOf(
            new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8)).readLine());
  }

  /** Runs as this process's own user and blocks until the child has said its first line. */
  static ChildJvm start(Path dataDir, Path cacheDir, String toolsPath) throws IOException {
    return start(List.of(), java(), classPath(), dataDir, cacheDir, toolsPath);
  }

  /** Runs as a user that is not root, whoever we are, on copies that this user may read. */
  static ChildJvm startAsOrdinaryUser(Path open, Path dataDir, Path cacheDir, String toolsPath)
      throws IOException {
    if (!PostgresUser.weAreRoot()) {
      return start(dataDir, cacheDir, toolsPath);
    }
    List<String> asNobody =
        List.of("setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups");
    return start(asNobody, java(), copyOfClassPath(open), dataDir, cacheDir, toolsPath);
  }

  private static ChildJvm start(
      List<String> prefix,
      Path java,
      String classPath,
      Path dataDir,
      Path cacheDir,
      String toolsPath)
      throws IOException {
    List<String> command = new ArrayList<>(prefix);
    command.addAll(
        List.of(java.toString(), "-Xmx128m", "-cp", classPath, PostgresChild.class.getName()));
    command.addAll(List.of(dataDir.toString(), cacheDir.toString(), toolsPath));
    ProcessBuilder builder = new ProcessBuilder(command).directory(new File("/"));
    return new ChildJvm(builder.redirectError(ProcessBuilder.Redirect.INHERIT).start());
  }

  private static Path java() {
    return Path.of(System.getProperty("java.home"), "bin", "java");
  }

  private static String classPath() {
    return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
  }

  private static String copyOfClassPath(Path to) throws IOException {
    List<String> copies = new ArrayList<>();
    for (String entry : classPath().split(File.pathSeparator, -1)) {
      Path from = Path.of(entry);
      if (Files.isDirectory(from) || from.toString().matches(".*(postgres|commons-|xz-).*")) {
        Path copy = to.resolve(copies.size() + "-" + from.getFileName());
        copyTree(from, copy);
        copies.add(copy.toString());
      }
    }
    return copies.stream().collect(Collectors.joining(File.pathSeparator));
  }

  private static void copyTree(Path from, Path to) throws IOException {
    try (Stream<Path> walk = Files.walk(from)) {
      for (Path file : walk.toList()) {
        Files.copy(file, to.resolve(from.relativize(file).toString()));
      }
    }
  }

  /** PostgreSQL's process id, or the sentence with which the child ended. */
  String firstLine() {
    return firstLine;
  }

  /** PostgreSQL's server process. */
  ProcessHandle postmaster() {
    return ProcessHandle.of(Long.parseLong(firstLine)).orElseThrow();
  }

  long pid() {
    return process.pid();
  }

  /** SIGKILL: no shutdown hook, no finally. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  int awaitExit() throws InterruptedException {
    return process.waitFor();
  }

  /** Lets the child end in order. */
  @Override
  public void close() throws IOException {
    process.getOutputStream().close();
    process.onExit().join();
  }
}
