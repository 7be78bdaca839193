package postern.backup;

import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestInputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.jspecify.annotations.Nullable;
import postern.crypto.PassphraseStream;
import postern.sql.Migrations;
import postern.sql.PostgresAddress;
import postern.sql.Tables;

/**
 * Puts a backup into an empty database and a data directory without keys. Nothing is there before
 * everything is, and its sums are right. A backup of an older schema is brought up to date.
 */
public final class Restore {
  /** What was restored. */
  public record Report(int tables, long rows, String schema) {}

  private static final int ENTRY_BYTES_MAX = 1_048_576;
  private static final String PRIVATE = "rw-------";

  private final Path dataDir;
  private final PostgresAddress address;
  private final Consumer<String> progress;

  public Restore(Path dataDir, PostgresAddress address, Consumer<String> progress) {
    this.dataDir = dataDir;
    this.address = address;
    this.progress = progress;
  }

  /** Whether there is something that a restore would have to overwrite. */
  public static Optional<String> obstacle(Path dataDir) {
    return Backup.KEY_FILES.stream()
        .filter(name -> Files.exists(dataDir.resolve(name)))
        .findFirst()
        .map(
            name -> dataDir.resolve(name) + " is there already; restore into a new data directory");
  }

  /**
   * Restores a file.
   *
   * @throws BackupException if it cannot be: nothing has changed then
   */
  public Report run(Path file, char[] passphrase) {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file));
        ZipInputStream zip = new ZipInputStream(PassphraseStream.open(in, passphrase))) {
      ZipEntry first = next(zip);
      if (first == null || !first.getName().equals(Manifest.ENTRY)) {
        throw new BackupException("the passphrase is wrong, or " + file + " is damaged");
      }
      Manifest manifest = Manifest.parse(zip.readNBytes(ENTRY_BYTES_MAX));
      Migrations.applyUpTo(address, manifest.schema());
      Report report;
      try (Tables tables = Tables.forWriting(address)) {
        report = read(zip, manifest, tables);
      }
      Migrations.apply(address, progress);
      return new Report(report.tables(), report.rows(), Migrations.version(address));
    } catch (NoSuchFileException e) {
      throw new BackupException("there is no file " + file, e);
    } catch (IOException e) {
      // The message of the cause is the state of the crypto library, over several lines.
      throw new BackupException(
          file
              + " cannot be restored: the passphrase is wrong, or the file is damaged, cut off, or"
              + " no backup",
          e);
    }
  }

  private static @Nullable ZipEntry next(ZipInputStream zip) throws IOException {
    return zip.getNextEntry();
  }

  private Report read(ZipInputStream zip, Manifest manifest, Tables tables) throws IOException {
    if (tables.hasRows("users")) {
      throw new BackupException("the database has accounts already; restore into an empty one");
    }
    Map<String, Tables.Table> byEntry =
        manifest.tables().stream()
            .collect(Collectors.toMap(table -> Backup.TABLES + table.name(), table -> table));
    tables.empty(manifest.tables());
    Sums read = new Sums();
    Map<String, byte[]> files = new HashMap<>();
    long rows = 0;
    Sums written = new Sums();
    for (ZipEntry entry = next(zip); entry != null; entry = next(zip)) {
      Tables.Table table = byEntry.get(entry.getName());
      if (entry.getName().equals(Sums.ENTRY)) {
        written = Sums.parse(zip.readNBytes(ENTRY_BYTES_MAX));
      } else if (table != null) {
        DigestInputStream summed = new DigestInputStream(new Unclosed(zip), Digest.sha256());
        long copied = tables.copyIn(table, summed);
        read.add(entry.getName(), copied, Digest.hex(summed.getMessageDigest()));
        rows += copied;
        progress.accept(table.name() + ": " + copied + " rows");
      } else {
        byte[] bytes = zip.readNBytes(ENTRY_BYTES_MAX);
        files.put(entry.getName(), bytes);
        var digest = Digest.sha256();
        digest.update(bytes);
        read.add(entry.getName(), 0, Digest.hex(digest));
      }
    }
    if (!written.lines().equals(read.lines())) {
      throw new BackupException("the backup is not whole: its sums differ from its contents");
    }
    manifest.sequences().forEach(tables::setSequence);
    writeFiles(files);
    tables.commit();
    return new Report(manifest.tables().size(), rows, manifest.schema());
  }

  /** Before the commit: rows without their keys would be lost, keys without rows are not missed. */
  private void writeFiles(Map<String, byte[]> files) throws IOException {
    for (String name : Backup.KEY_FILES) {
      byte[] bytes = files.get(Backup.FILES + name);
      if (bytes != null) {
        Path file = dataDir.resolve(name);
        Files.createDirectories(java.util.Objects.requireNonNull(file.getParent()));
        Files.createFile(file);
        if (Files.getFileStore(file).supportsFileAttributeView("posix")) {
          Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(PRIVATE));
        }
        Files.write(file, bytes);
      }
    }
  }

  /** One entry ends, the file goes on. */
  private static final class Unclosed extends FilterInputStream {
    Unclosed(InputStream in) {
      super(in);
    }

    @Override
    public void close() {}
  }
}
