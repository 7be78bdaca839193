package postern.main;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import postern.core.ErrorCode;

class ErrorsDocTest {
  @Test
  void namesEveryErrorAndNothingElse() throws IOException {
    List<String> rows =
        Files.readAllLines(Path.of("../docs/errors.md")).stream()
            .filter(line -> line.matches("\\| \\d{3} \\|.*"))
            .map(line -> line.split(" \\| ", -1))
            .map(cells -> String.join(" | ", cells[0], cells[1], cells[2]))
            .toList();
    List<String> expected =
        Arrays.stream(ErrorCode.values())
            .map(e -> "| " + e.status() + " | `" + e.code() + "` | " + e.message())
            .toList();
    assertThat(rows).containsExactlyInAnyOrderElementsOf(expected);
  }
}
