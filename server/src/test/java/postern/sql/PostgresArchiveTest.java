package postern.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PostgresArchiveTest {

  @TempDir Path cache;

  @Test
  void isUnpackedWholeByAnyNumberAtOnce() throws Exception {
    Path abandoned = Files.createDirectory(cache.resolve(".unpacking-by-a-killed-process"));
    Files.setLastModifiedTime(abandoned, FileTime.fromMillis(0));
    Callable<Path> unpack = () -> PostgresArchive.find().unpackedIn(cache, line -> {});
    List<Path> homes = new ArrayList<>();
    try (ExecutorService executor = Executors.newFixedThreadPool(2)) {
      for (Future<Path> home : executor.invokeAll(List.of(unpack, unpack))) {
        homes.add(home.get());
      }
    }
    Path home = homes.getFirst();
    assertThat(homes).containsOnly(home);
    assertThat(home.resolve("bin/postgres")).isExecutable();
    try (Stream<Path> left = Files.list(cache)) {
      assertThat(left).containsExactly(home);
    }
  }
}
