package postern.sql;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What PostgreSQL writes, kept in {@code DIR/postgres.log} and one older file, each 1 MiB at most.
 * Safe for use by several threads.
 */
final class PostgresLog {

  private static final long FILE_BYTES_MAX = 1 << 20;
  private static final int TAIL_BYTES_MAX = 2_000;
  private static final int BUFFER_BYTES = 8_192;
  private static final Duration COPY_REST_MAX = Duration.ofSeconds(1);

  private final Path file;
  private final Path older;
  private byte[] tail = new byte[0];
  private volatile @Nullable Thread copying;

  PostgresLog(Path dataDir) {
    file = dataDir.resolve("postgres.log");
    older = dataDir.resolve("postgres.log.1");
  }

  Path file() {
    return file;
  }

  /** Copies all that comes, on a thread of its own that ends with the stream. */
  void keep(InputStream output) {
    copying = Thread.ofPlatform().daemon().name("postgres-log").start(() -> copy(output));
  }

  private void copy(InputStream output) {
    byte[] buffer = new byte[BUFFER_BYTES];
    try (output) {
      for (int count = output.read(buffer); count >= 0; count = output.read(buffer)) {
        append(buffer, count);
      }
    } catch (IOException e) {
      // The stream ends with an error when the process dies while it is being read.
      return;
    }
  }

  private synchronized void append(byte[] bytes, int count) {
    remember(bytes, count);
    try {
      if (Files.exists(file) && Files.size(file) + count > FILE_BYTES_MAX) {
        Files.move(file, older, REPLACE_EXISTING);
      }
      if (!Files.exists(file)) {
        create();
      }
      try (OutputStream out = Files.newOutputStream(file, CREATE, WRITE, APPEND)) {
        out.write(bytes, 0, count);
      }
    } catch (IOException e) {
      // A full disk must not stop the copying: PostgreSQL would block on the pipe.
      return;
    }
  }

  private void create() throws IOException {
    if (Platform.isWindows()) {
      Files.createFile(file);
    } else {
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }
  }

  private void remember(byte[] bytes, int count) {
    byte[] joined = Arrays.copyOf(tail, tail.length + count);
    System.arraycopy(bytes, 0, joined, tail.length, count);
    tail = Arrays.copyOfRange(joined, Math.max(0, joined.length - TAIL_BYTES_MAX), joined.length);
  }

  /**
   * The last words of a process that has ended, two kilobytes at most, for the message of a failed
   * start. Waits until they are all there, a second at most.
   */
  String lastWords() throws InterruptedException {
    Thread thread = copying;
    if (thread != null) {
      thread.join(COPY_REST_MAX);
    }
    return tail();
  }

  /** What came last, two kilobytes at most. */
  synchronized String tail() {
    return new String(tail, StandardCharsets.UTF_8).strip();
  }
}
