package postern.sql;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The right to use a data directory, held by at most one process at a time.
 *
 * <p>It is an operating system's lock on {@code DIR/postern.lock}, so it ends with the process that
 * holds it, however that ends; the file stays and names its last holder. Safe for use by several
 * threads.
 */
public final class DataDirectoryLock implements AutoCloseable {

  /** Another server holds the directory; the message says who and what to do. */
  public static final class HeldException extends RuntimeException {
    HeldException(String message) {
      super(message);
    }
  }

  private static final String FILE = "postern.lock";
  private static final int PID_BYTES_MAX = 20;

  // Beyond the text: where locks are mandatory, nobody could read a locked holder's id.
  private static final long LOCKED_BYTE = 1 << 20;

  // POSIX drops all of a process's locks on a file when any of its descriptors is closed. So a
  // second attempt in this process must be refused before it opens the file.
  private static final Set<Path> HELD_HERE = ConcurrentHashMap.newKeySet();

  private final Path directory;
  private final FileChannel channel;

  private DataDirectoryLock(Path directory, FileChannel channel) {
    this.directory = directory;
    this.channel = channel;
  }

  /**
   * Takes the lock, making the directory where it is missing.
   *
   * @throws HeldException at once, when this or another process holds it
   * @throws PostgresStartException when the directory cannot be made or written
   */
  public static DataDirectoryLock take(Path dataDir) {
    try {
      Files.createDirectories(dataDir);
      Path directory = dataDir.toRealPath();
      if (!HELD_HERE.add(directory)) {
        throw held(directory, "this process, id " + ProcessHandle.current().pid());
      }
      return open(directory);
    } catch (IOException e) {
      throw new PostgresStartException(
          "The data directory "
              + dataDir
              + " cannot be used ("
              + e
              + "): give the user that runs this program the right to write there, or choose"
              + " another with --data-dir.",
          e);
    }
  }

  private static DataDirectoryLock open(Path directory) throws IOException {
    DataDirectoryLock taken = null;
    try {
      FileChannel channel = FileChannel.open(directory.resolve(FILE), CREATE, READ, WRITE);
      try {
        FileLock lock = channel.tryLock(LOCKED_BYTE, 1, false);
        if (lock == null) {
          throw held(directory, "the process with id " + holder(channel));
        }
        taken = new DataDirectoryLock(directory, channel);
        taken.writeHolder();
        return taken;
      } finally {
        if (taken == null) {
          channel.close();
        }
      }
    } finally {
      if (taken == null) {
        HELD_HERE.remove(directory);
      }
    }
  }

  private static HeldException held(Path directory, String holder) {
    return new HeldException(
        "The data directory "
            + directory
            + " is held by "
            + holder
            + ": stop that one first, or choose another directory with --data-dir.");
  }

  private static String holder(FileChannel channel) throws IOException {
    ByteBuffer text = ByteBuffer.allocate(PID_BYTES_MAX);
    channel.read(text, 0);
    String pid = new String(text.array(), 0, text.position(), US_ASCII).strip();
    return pid.isEmpty() ? "unknown" : pid;
  }

  private void writeHolder() throws IOException {
    ByteBuffer text = US_ASCII.encode(ProcessHandle.current().pid() + "\n");
    channel.truncate(0);
    channel.write(text, 0);
  }

  /** The locked directory: absolute, without symbolic links. */
  public Path directory() {
    return directory;
  }

  /** Gives the directory free. A second call does nothing. */
  @Override
  public void close() {
    try {
      if (channel.isOpen()) {
        channel.close();
        HELD_HERE.remove(directory);
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
