package postern.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import postern.json.Json;
import postern.json.JsonException;

/** Postern itself, as {@code bin/postern dev} runs it. */
final class Server implements AutoCloseable {
  /** Nothing is limited, and nothing is refused because it waits: all of it is to be measured. */
  static final Map<String, String> WITHOUT_LIMITS =
      Map.of(
          "POSTERN_LIMITS_MODE",
          "off",
          "POSTERN_SHED_TARGET_LATENCY",
          "10s",
          "POSTERN_STORAGE_POOL_WAIT",
          "30s");

  /** Limits are counted and told in headers as usual, and are too high to be met. */
  static final Map<String, String> WITH_HIGH_LIMITS = withHighLimits();

  private static final long START_MS_MAX = 120_000;
  private static final Pattern ADMIN = Pattern.compile("Metrics +(http://\\S+)");
  private static final Pattern ANSWERED =
      Pattern.compile(
          "(?m)^postern_http_requests_seconds_count\\{.*status=\"(\\d+)\".*\\} ([0-9.E]+)$");

  // 64 connections of pgbench, and the server's own.
  private static final int CONNECTIONS_MAX = 120;

  private final Child child;
  private final Path dataDir;
  private final Map<?, ?> facts;
  private final String metrics;

  private Server(Child child, Path dataDir, Map<?, ?> facts, String metrics) {
    this.child = child;
    this.dataDir = dataDir;
    this.facts = facts;
    this.metrics = metrics;
  }

  private static Map<String, String> withHighLimits() {
    Map<String, String> environment = new HashMap<>(WITHOUT_LIMITS);
    environment.put("POSTERN_LIMITS_MODE", "standard");
    for (String limit : List.of("KEY", "FAMILY", "READS", "WRITES", "INDEX", "SECRETS")) {
      environment.put("POSTERN_LIMITS_" + limit, "100000000/s");
    }
    return environment;
  }

  /** Starts it on a data directory of the run; when this returns, it answers. */
  static Server start(Workplace workplace, Map<String, String> environment) {
    Path dataDir = workplace.folder().resolve("data");
    Map<String, String> all = new HashMap<>(environment);
    Path programs = workplace.folder().resolve("postgres-bin");
    if (Files.isDirectory(programs)) {
      all.put("POSTERN_STORAGE_POSTGRES_BIN", programs.toString());
    }
    Path log = workplace.newLog("postern");
    Child child =
        workplace.keep(
            Child.start(
                List.of(
                    workplace.root().resolve("bin/postern").toString(),
                    "dev",
                    "--data-dir",
                    dataDir.toString(),
                    "--http-port",
                    "0",
                    "--https-port",
                    "0"),
                all,
                log));
    Matcher admin = awaitReady(child);
    return new Server(
        child, dataDir, parse(Programs.read(dataDir.resolve("dev.json"))), admin.group(1));
  }

  private static Matcher awaitReady(Child child) {
    for (long waited = 0; waited < START_MS_MAX; waited += 50) {
      child.requireAlive();
      Matcher matcher = ADMIN.matcher(Programs.read(child.log()));
      if (matcher.find()) {
        return matcher;
      }
      Programs.sleepMillis(50);
    }
    throw new BenchException("The server did not start: " + Programs.read(child.log()));
  }

  /**
   * Has the next start run the same PostgreSQL with room for the connections of pgbench: the server
   * itself sets {@code max_connections} to what it needs.
   */
  void makeRoomForConnections(Path programs) {
    String running = Programs.read(dataDir.resolve("postgres/postmaster.opts"));
    Path postgres = Path.of(running.substring(0, running.indexOf(' ')));
    try {
      Files.createDirectory(programs);
      Files.setPosixFilePermissions(programs, PosixFilePermissions.fromString("rwxr-xr-x"));
      Files.createSymbolicLink(programs.resolve("initdb"), postgres.resolveSibling("initdb"));
      Path wrapper = programs.resolve("postgres");
      Files.writeString(
          wrapper,
          "#!/bin/sh\nexec '%s' \"$@\" -c max_connections=%d\n"
              .formatted(postgres, CONNECTIONS_MAX));
      Files.setPosixFilePermissions(wrapper, PosixFilePermissions.fromString("rwxr-xr-x"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Map<?, ?> parse(String json) {
    try {
      if (Json.parse(json.getBytes(java.nio.charset.StandardCharsets.UTF_8))
          instanceof Map<?, ?> members) {
        return members;
      }
      throw new BenchException("no object: " + json);
    } catch (JsonException e) {
      throw new BenchException("no JSON: " + json);
    }
  }

  private String fact(String name) {
    return String.valueOf(facts.get(name));
  }

  Child child() {
    return child;
  }

  Path dataDir() {
    return dataDir;
  }

  /** The root of its URLs, without a slash at the end. */
  String url() {
    // wrk would ask for the name's addresses, of which the server listens on one.
    return fact("http").replace("localhost", "127.0.0.1");
  }

  Account devAccount() {
    return new Account(fact("user_id"), fact("production_key"));
  }

  /** How many requests it has answered until now, by their status. */
  Map<Integer, Long> answered() {
    Map<Integer, Long> answered = new TreeMap<>();
    Matcher matcher = ANSWERED.matcher(Http.get(metrics, "").text());
    while (matcher.find()) {
      answered.merge(
          Integer.parseInt(matcher.group(1)),
          (long) Double.parseDouble(matcher.group(2)),
          Long::sum);
    }
    return answered;
  }

  @Override
  public void close() {
    child.close();
  }
}
