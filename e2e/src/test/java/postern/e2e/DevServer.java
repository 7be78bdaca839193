package postern.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import postern.json.Json;
import postern.json.JsonException;

/** A running {@code postern dev} and what its {@code dev.json} says. */
final class DevServer implements AutoCloseable {
  private static final int READY_WITHIN_SECONDS = 60;

  private final Path dataDir;
  private final PosternProcess process;
  private final Map<?, ?> facts;
  private final Map<String, String> environment;

  private DevServer(Path dataDir, PosternProcess process, Map<String, String> environment) {
    this.environment = environment;
    this.dataDir = dataDir;
    this.process = process;
    this.facts = factsIn(dataDir);
  }

  /** Starts one on a new data directory and blocks until it is ready. */
  static DevServer start(String name) throws Exception {
    return start(name, Map.of());
  }

  /** The same with settings. */
  static DevServer start(String name, Map<String, String> environment) throws Exception {
    return startOn(PosternProcess.newDataDir(name), READY_WITHIN_SECONDS, environment);
  }

  /** Starts one on a directory and fails where it is not ready in time. */
  static DevServer startOn(Path dataDir, int readyWithinSeconds, Map<String, String> environment)
      throws Exception {
    PosternProcess process = PosternProcess.start(arguments(dataDir), environment);
    try {
      Waiting.until(
          "dev.json of a ready server\n" + process,
          readyWithinSeconds,
          () -> {
            if (!process.isAlive()) {
              throw new AssertionError("the server ended: " + process);
            }
            return isWrittenBy(process, dataDir);
          });
    } catch (Exception | AssertionError e) {
      process.kill();
      throw e;
    }
    return new DevServer(dataDir, process, environment);
  }

  /** The command line of a server on free ports. */
  static List<String> arguments(Path dataDir, String... more) {
    List<String> arguments = new ArrayList<>(List.of("dev", "--data-dir", dataDir.toString()));
    arguments.addAll(List.of("--http-port", "0", "--https-port", "0"));
    arguments.addAll(List.of(more));
    return arguments;
  }

  /** A file that a killed server left names that one's process id. */
  private static boolean isWrittenBy(PosternProcess process, Path dataDir) {
    return Files.exists(dataDir.resolve("dev.json"))
        && String.valueOf(factsIn(dataDir).get("pid")).equals("" + process.handle().pid());
  }

  private static Map<?, ?> factsIn(Path dataDir) {
    try {
      Object root = Json.parse(Files.readAllBytes(dataDir.resolve("dev.json")));
      return (Map<?, ?>) Objects.requireNonNull(root);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (JsonException e) {
      throw new AssertionError("dev.json is not JSON", e);
    }
  }

  Path dataDir() {
    return dataDir;
  }

  PosternProcess process() {
    return process;
  }

  /** The settings that it was started with. */
  Map<String, String> environment() {
    return environment;
  }

  /** All members of dev.json. */
  Map<?, ?> facts() {
    return facts;
  }

  /** A member of dev.json as text. */
  String fact(String name) {
    return Objects.requireNonNull(facts.get(name), name).toString();
  }

  /** A caller with the production key, over plain HTTP. */
  ApiClient production() {
    return new ApiClient(fact("http"), fact("production_key"));
  }

  /** A caller with any key, over plain HTTP. */
  ApiClient as(String key) {
    return new ApiClient(fact("http"), key);
  }

  /** PostgreSQL's own process. */
  ProcessHandle postmaster() throws IOException {
    List<String> lines = Files.readAllLines(dataDir.resolve("postgres/postmaster.pid"));
    return ProcessHandle.of(Long.parseLong(lines.getFirst().strip())).orElseThrow();
  }

  @Override
  public void close() {
    process.close();
  }
}
