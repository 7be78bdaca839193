package postern.sql;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;
import org.jspecify.annotations.Nullable;

/** PostgreSQL's programs as they come with Postern: one compressed archive on the class path. */
final class PostgresArchive {

  private static final int OWNER_EXECUTE = 0100;

  private static final String UNPACKING = ".unpacking-";

  private final URL archive;

  private PostgresArchive(URL archive) {
    this.archive = archive;
  }

  /** The archive for this platform. */
  static PostgresArchive find() {
    URL found = PostgresArchive.class.getResource("/postgres-" + Platform.name() + ".txz");
    if (found == null) {
      throw new PostgresStartException(
          "This build brings no PostgreSQL for "
              + Platform.name()
              + ": set storage.postgres-bin to the bin directory of an installed PostgreSQL 15 or"
              + " newer, or storage.url to a running one.");
    }
    return new PostgresArchive(found);
  }

  /**
   * Unpacks into the cache unless that was done before; any number of processes may try at once.
   */
  Path unpackedIn(Path cache, Consumer<String> progress) throws IOException {
    Path home = cache.resolve("postgres-" + Platform.name() + "-" + identity());
    if (!Files.isDirectory(home)) {
      progress.accept("Unpacking PostgreSQL to " + home + " (60 MB, once) ...");
      deleteAbandoned(cache);
      Path work = Files.createTempDirectory(cache, UNPACKING);
      try {
        unpack(work);
        moveUnlessThere(work, home);
      } finally {
        Trees.delete(work);
      }
    }
    return home;
  }

  /** Unpacking takes seconds: what is an hour old belongs to a process that was killed. */
  private static void deleteAbandoned(Path cache) throws IOException {
    Instant hourAgo = Instant.now().minus(Duration.ofHours(1));
    Trees.deleteAll(
        cache,
        tree ->
            String.valueOf(tree.getFileName()).startsWith(UNPACKING)
                && Files.getLastModifiedTime(tree).toInstant().isBefore(hourAgo));
  }

  /** Differs for every build of the archive, and costs no reading of its 15 MB. */
  private String identity() throws IOException {
    URLConnection connection = archive.openConnection();
    if (connection instanceof JarURLConnection inJar) {
      return Long.toHexString(inJar.getJarEntry().getCrc());
    }
    String identity = connection.getContentLengthLong() + "-" + connection.getLastModified();
    connection.getInputStream().close();
    return identity;
  }

  private static void moveUnlessThere(Path work, Path home) throws IOException {
    try {
      Files.move(work, home, StandardCopyOption.ATOMIC_MOVE);
    } catch (FileSystemException e) {
      // Another process was faster: a full directory is never replaced.
      if (!Files.isDirectory(home)) {
        throw e;
      }
    }
  }

  private void unpack(Path into) throws IOException {
    permit(into, true);
    try (InputStream packed = new BufferedInputStream(archive.openStream());
        TarArchiveInputStream tar =
            new TarArchiveInputStream(new XZCompressorInputStream(packed))) {
      for (@Nullable TarArchiveEntry entry = tar.getNextEntry();
          entry != null;
          entry = tar.getNextEntry()) {
        unpack(tar, entry, into);
      }
    }
  }

  private static void unpack(TarArchiveInputStream tar, TarArchiveEntry entry, Path into)
      throws IOException {
    Path target = within(into, into.resolve(entry.getName()), entry);
    makeDirectories(into, entry.isDirectory() ? target : target.getParent());
    if (entry.isSymbolicLink()) {
      within(into, target.resolveSibling(entry.getLinkName()), entry);
      Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
    } else if (entry.isFile()) {
      Files.copy(tar, target);
      permit(target, (entry.getMode() & OWNER_EXECUTE) != 0);
    } else if (!entry.isDirectory()) {
      throw new IOException("Unexpected entry in the archive: " + entry.getName());
    }
  }

  private static Path within(Path root, Path path, TarArchiveEntry entry) throws IOException {
    Path target = path.normalize();
    if (!target.startsWith(root)) {
      throw new IOException("Entry outside of the archive's own tree: " + entry.getName());
    }
    return target;
  }

  private static void makeDirectories(Path root, @Nullable Path directory) throws IOException {
    if (directory != null && !directory.equals(root) && !Files.isDirectory(directory)) {
      makeDirectories(root, directory.getParent());
      Files.createDirectory(directory);
      permit(directory, true);
    }
  }

  /** Readable for all whatever the umask is: root unpacks, another user runs. */
  private static void permit(Path path, boolean executable) throws IOException {
    if (!Platform.isWindows()) {
      Files.setPosixFilePermissions(
          path, PosixFilePermissions.fromString(executable ? "rwxr-xr-x" : "rw-r--r--"));
    }
  }
}
