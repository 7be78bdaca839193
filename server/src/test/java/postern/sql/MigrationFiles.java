package postern.sql;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Stream;

/** Runs migrations without Flyway, so that rows can be put between two of them. */
final class MigrationFiles {
  private MigrationFiles() {}

  /** Runs those from one number to another, both of them too. */
  static void run(Statement statement, int first, int last) throws Exception {
    try (Stream<Path> all = Files.list(Path.of("src/main/resources/db"))) {
      List<Path> files = all.sorted().toList();
      for (Path file : files.subList(first - 1, last)) {
        statement.execute(Files.readString(file));
      }
    }
  }
}
