package postern.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Where and with what it was measured. */
final class Machine {
  private static final double KB_IN_MB = 1_024;

  private Machine() {}

  /** Facts by their names, in the order in which they are shown. */
  static Map<String, String> facts(Workplace workplace, String postgres) {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("processor", first("/proc/cpuinfo", "model name"));
    facts.put("cores", Integer.toString(Runtime.getRuntime().availableProcessors()));
    String memory = first("/proc/meminfo", "MemTotal").replace(" kB", "");
    facts.put("memory", Texts.number(Long.parseLong(memory) / KB_IN_MB) + " MB");
    facts.put("system", System.getProperty("os.name") + " " + System.getProperty("os.version"));
    facts.put(
        "Java", System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"));
    facts.put("JVM options", options(workplace));
    facts.put("Postern", commit(workplace));
    facts.put("Helidon", library(workplace, "helidon-webserver-"));
    facts.put("PostgreSQL", postgres.replaceAll(" on .*", ""));
    facts.put("JDBC driver", library(workplace, "postgresql-"));
    facts.put("wrk", Wrk.version());
    facts.put(
        "pgbench",
        Programs.run(Workplace.postgresProgram("pgbench").toString(), "--version").strip());
    facts.put("JMH", org.openjdk.jmh.util.Version.getPlainVersion());
    return facts;
  }

  private static String first(String file, String name) {
    return Programs.read(Path.of(file))
        .lines()
        .filter(line -> line.startsWith(name))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .findFirst()
        .orElse("unknown");
  }

  private static String options(Workplace workplace) {
    return Programs.read(workplace.root().resolve("server/src/main/jvm/postern.options"))
        .lines()
        .filter(line -> line.startsWith("-"))
        .collect(Collectors.joining(" "));
  }

  private static String commit(Workplace workplace) {
    String root = workplace.root().toString();
    try {
      String commit = Programs.run("git", "-C", root, "rev-parse", "--short=12", "HEAD").strip();
      boolean isChanged =
          !Programs.run("git", "-C", root, "status", "--porcelain", "server").isBlank();
      return "commit " + commit + (isChanged ? " with changes" : "");
    } catch (BenchException e) {
      return "sources without their history";
    }
  }

  /** The version in the name of a jar that is shipped. */
  private static String library(Workplace workplace, String prefix) {
    try (Stream<Path> jars = Files.list(workplace.root().resolve("server/target/lib"))) {
      List<String> versions =
          jars.map(jar -> jar.getFileName().toString())
              .filter(name -> name.matches(prefix + "\\d.*\\.jar"))
              .map(name -> name.substring(prefix.length(), name.length() - ".jar".length()))
              .toList();
      return versions.isEmpty() ? "unknown" : versions.getFirst();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
