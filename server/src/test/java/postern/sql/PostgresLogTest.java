package postern.sql;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import postern.testing.Waiting;

final class PostgresLogTest {

  private static final long MEBIBYTE = 1 << 20;

  @TempDir Path directory;

  @Test
  void keepsTheNewestWithinItsBounds() throws Exception {
    PostgresLog log = new PostgresLog(directory);
    String much = "a line of thirty-two characters\n".repeat(150_000) + "the end\n";
    log.keep(new ByteArrayInputStream(much.getBytes(UTF_8)));
    Waiting.until("all is written", () -> log.tail().endsWith("the end"));
    assertThat(Files.size(log.file())).isLessThanOrEqualTo(MEBIBYTE);
    assertThat(Files.size(directory.resolve("postgres.log.1"))).isLessThanOrEqualTo(MEBIBYTE);
    assertThat(Files.readString(log.file())).endsWith("the end\n");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(log.file())))
        .isEqualTo("rw-------");
  }
}
