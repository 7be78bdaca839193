package postern.main;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class InvariantsDocTest {
  @Test
  void namesForEachInvariantATestThatThereIs() throws IOException {
    Set<String> tests = new java.util.HashSet<>(testsBelow(Path.of("src/test/java")));
    tests.addAll(testsBelow(Path.of("../e2e/src/test/java")));
    List<String> invariants =
        Files.readAllLines(Path.of("../docs/invariants.md")).stream()
            .filter(line -> line.startsWith("- "))
            .toList();
    assertThat(invariants)
        .isNotEmpty()
        .allSatisfy(line -> assertThat(line).matches(".*\\. \\*Enforced by: \\w+\\*"))
        .allSatisfy(line -> assertThat(tests).contains(line.replaceFirst(".*by: (\\w+)\\*", "$1")));
  }

  private static Set<String> testsBelow(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith("Test.java"))
          .map(name -> name.replace(".java", ""))
          .collect(Collectors.toSet());
    }
  }
}
