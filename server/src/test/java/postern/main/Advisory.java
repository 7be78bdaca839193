package postern.main;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.apache.maven.artifact.versioning.ComparableVersion;
import org.jspecify.annotations.Nullable;
import postern.json.Json;
import postern.json.JsonException;

/**
 * A known vulnerability in some versions of a library; one line of {@code
 * dependencies/advisories.tsv}.
 *
 * @param library group and artifact, with a colon between
 * @param from the first version that has it; 0 for all
 * @param fixed the first version that has it no more; empty where there is none
 */
record Advisory(String id, String library, String from, String fixed) {

  boolean isAbout(String name, String version) {
    ComparableVersion given = new ComparableVersion(version);
    return name.equals(library)
        && given.compareTo(new ComparableVersion(from)) >= 0
        && (fixed.isEmpty() || given.compareTo(new ComparableVersion(fixed)) < 0);
  }

  private String line() {
    return String.join("\t", id, library, from, fixed);
  }

  static List<Advisory> read(Path file) throws IOException {
    return Files.readAllLines(file).stream()
        .map(line -> line.split("\t", 4))
        .map(part -> new Advisory(part[0], part[1], part[2], part[3]))
        .toList();
  }

  /** The lines about some libraries in an export of OSV's (https://osv.dev/, a file a record). */
  static Set<String> linesOf(Path export, Set<String> libraries) throws IOException, JsonException {
    Set<String> lines = new TreeSet<>();
    try (ZipInputStream zip = new ZipInputStream(Files.newInputStream(export))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        if (entry.getName().endsWith(".json")) {
          of(map(Json.parse(zip.readAllBytes()))).stream()
              .filter(advisory -> libraries.contains(advisory.library()))
              .forEach(advisory -> lines.add(advisory.line()));
        }
      }
    }
    return lines;
  }

  private static List<Advisory> of(Map<?, ?> osv) {
    List<Advisory> advisories = new ArrayList<>();
    if (osv.get("withdrawn") != null) {
      return advisories;
    }
    String id =
        list(osv.get("aliases")).stream()
            .map(String::valueOf)
            .filter(alias -> alias.startsWith("CVE-"))
            .findFirst()
            .orElse(String.valueOf(osv.get("id")));
    for (Object each : list(osv.get("affected"))) {
      Map<?, ?> affected = map(each);
      String library = String.valueOf(map(affected.get("package")).get("name"));
      for (Object range : list(affected.get("ranges"))) {
        advisories.addAll(inRange(id, library, list(map(range).get("events"))));
      }
    }
    return advisories;
  }

  private static List<Advisory> inRange(String id, String library, List<?> events) {
    List<Advisory> advisories = new ArrayList<>();
    String from = "";
    for (Object each : events) {
      Map<?, ?> event = map(each);
      if (event.get("introduced") instanceof String introduced) {
        from = introduced;
      } else if (event.get("fixed") instanceof String fixed) {
        advisories.add(new Advisory(id, library, from, fixed));
        from = "";
      }
    }
    if (!from.isEmpty()) {
      // Nobody says where it ends, or only which version was the last one seen with it.
      advisories.add(new Advisory(id, library, from, ""));
    }
    return advisories;
  }

  private static List<?> list(@Nullable Object value) {
    return value instanceof List<?> list ? list : List.of();
  }

  private static Map<?, ?> map(@Nullable Object value) {
    return value instanceof Map<?, ?> map ? map : Map.of();
  }
}
