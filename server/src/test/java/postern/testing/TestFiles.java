package postern.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Files that tests make. */
public final class TestFiles {

  private TestFiles() {}

  /** Deletes a directory with all that is in it. */
  public static void delete(Path tree) throws IOException {
    List<Path> found;
    try (Stream<Path> walk = Files.walk(tree)) {
      found = walk.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : found) {
      Files.deleteIfExists(path);
    }
  }
}
