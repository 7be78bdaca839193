package postern.crypto;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Reads and writes small key files. A write is seen whole or not at all, also after a power cut,
 * and a private file is private from its first byte.
 */
final class KeyFiles {

  /** Who may read a file; its owner may always write it. */
  enum Access {
    OWNER_ONLY("rw-------"),
    EVERYBODY("rw-r--r--");

    private final String permissions;

    Access(String permissions) {
      this.permissions = permissions;
    }

    Set<PosixFilePermission> posix() {
      return PosixFilePermissions.fromString(permissions);
    }
  }

  // A chain of ten large certificates is below 100 KB.
  private static final int FILE_BYTES_MAX = 1_000_000;

  // A file lock belongs to the whole process and would throw for its second thread.
  private static final ReentrantLock IN_PROCESS = new ReentrantLock();

  private KeyFiles() {}

  /** Runs {@code action} while no other thread or process runs one under the same lock file. */
  static <T> T locked(Path lockFile, Supplier<T> action) {
    IN_PROCESS.lock();
    try (FileChannel channel = openPrivate(lockFile, Set.of(CREATE, WRITE));
        FileLock lock = channel.lock()) {
      if (!lock.isValid()) {
        throw new IOException("the lock was lost");
      }
      return action.get();
    } catch (IOException e) {
      throw failure(lockFile, "locked", e);
    } finally {
      IN_PROCESS.unlock();
    }
  }

  /** Replaces {@code target} by {@code content}; call it under the folder's lock. */
  static void write(Path target, byte[] content, Access access) {
    Path temporary = target.resolveSibling(target.getFileName() + ".tmp");
    try {
      // Left by a crash: the lock says that nobody is writing it now.
      Files.deleteIfExists(temporary);
      writeDurably(temporary, content, access);
      Files.move(temporary, target, ATOMIC_MOVE, REPLACE_EXISTING);
      if (isPosix(target)) {
        forceFolder(target.toAbsolutePath().resolveSibling(""));
      }
    } catch (IOException e) {
      throw failure(target, "written", e);
    }
  }

  static byte[] read(Path file) {
    try (var input = Files.newInputStream(file)) {
      byte[] content = input.readNBytes(FILE_BYTES_MAX + 1);
      if (content.length > FILE_BYTES_MAX) {
        throw new CryptoSetupException(
            file + " is larger than " + FILE_BYTES_MAX + " bytes: it is not a key file");
      }
      return content;
    } catch (IOException e) {
      throw failure(file, "read", e);
    }
  }

  // A dangling link counts as a file: a new one in its place would lose what it points to.
  static boolean exists(Path file) {
    return Files.exists(file, LinkOption.NOFOLLOW_LINKS);
  }

  static void createFolder(Path folder) {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw failure(folder, "created", e);
    }
  }

  private static void writeDurably(Path file, byte[] content, Access access) throws IOException {
    try (FileChannel channel = openPrivate(file, Set.of(CREATE_NEW, WRITE))) {
      ByteBuffer rest = ByteBuffer.wrap(content);
      while (rest.hasRemaining()) {
        channel.write(rest);
      }
      channel.force(true);
    }
    if (isPosix(file)) {
      // Set afterwards because the process's umask may have taken bits away at creation.
      Files.setPosixFilePermissions(file, access.posix());
    }
  }

  private static FileChannel openPrivate(Path file, Set<OpenOption> options) throws IOException {
    FileAttribute<?>[] attributes =
        isPosix(file)
            ? new FileAttribute<?>[] {
              PosixFilePermissions.asFileAttribute(Access.OWNER_ONLY.posix())
            }
            : new FileAttribute<?>[0];
    return FileChannel.open(file, options, attributes);
  }

  /** Makes a rename in {@code folder} survive a power cut. */
  private static void forceFolder(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, READ)) {
      channel.force(true);
    }
  }

  private static boolean isPosix(Path file) {
    return file.getFileSystem().supportedFileAttributeViews().contains("posix");
  }

  private static CryptoSetupException failure(Path file, String verb, IOException cause) {
    String reason =
        switch (cause) {
          case NoSuchFileException _ -> "it or its folder does not exist";
          case AccessDeniedException _ -> "this user may not access it";
          default -> String.valueOf(cause.getMessage());
        };
    return new CryptoSetupException(file + " cannot be " + verb + ": " + reason, cause);
  }
}
