package postern.sql;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/** Whole directories. */
final class Trees {

  private Trees() {}

  /** Deletes a directory with all that is in it, following no links; a missing one is no error. */
  static void delete(Path tree) throws IOException {
    if (Files.notExists(tree)) {
      return;
    }
    Files.walkFileTree(
        tree,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            if (e instanceof NoSuchFileException) {
              return FileVisitResult.CONTINUE;
            }
            throw e;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException e)
              throws IOException {
            Files.deleteIfExists(directory);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  /** Deletes what an interrupted earlier run left, as far as it can. */
  static void deleteAll(Path directory, DirectoryStream.Filter<Path> which) throws IOException {
    try (DirectoryStream<Path> found =
        Files.newDirectoryStream(directory, tree -> isStillOne(tree, which))) {
      for (Path tree : found) {
        deleteIfPossible(tree);
      }
    }
  }

  /** Others may be deleting the same: what is gone when it is looked at is none. */
  private static boolean isStillOne(Path tree, DirectoryStream.Filter<Path> which)
      throws IOException {
    try {
      return which.accept(tree);
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  private static void deleteIfPossible(Path tree) {
    try {
      delete(tree);
    } catch (IOException e) {
      // Somebody still writes there; the next start tries again.
      return;
    }
  }
}
