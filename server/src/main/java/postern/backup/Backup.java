package postern.backup;

import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestOutputStream;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Consumer;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import postern.crypto.PassphraseStream;
import postern.sql.Migrations;
import postern.sql.PostgresAddress;
import postern.sql.Tables;

/**
 * Writes everything that a server holds into one file: every table, as it is at one moment, and the
 * keys without which the tables cannot be read. The file is a ZIP, sealed by a passphrase: a
 * manifest first, then the tables as {@code COPY} writes them, then the key files, then the sums of
 * all of it. A server may run on the data meanwhile.
 */
public final class Backup {
  /**
   * What was written.
   *
   * @param bytes the size of the file
   */
  public record Report(int tables, long rows, long bytes) {}

  /** What is not in the database and cannot be made anew. */
  static final List<String> KEY_FILES =
      List.of("keyset.json", "signing-key", "tls/ca.pem", "tls/ca-key.pem");

  static final String TABLES = "tables/";
  static final String FILES = "files/";
  private static final String PRIVATE = "rw-------";

  private final Path dataDir;
  private final PostgresAddress address;
  private final InstantSource clock;
  private final SecureRandom random;
  private final Consumer<String> progress;

  public Backup(
      Path dataDir,
      PostgresAddress address,
      InstantSource clock,
      SecureRandom random,
      Consumer<String> progress) {
    this.dataDir = dataDir;
    this.address = address;
    this.clock = clock;
    this.random = random;
    this.progress = progress;
  }

  /**
   * Writes the file; it is there under its name only when it is whole.
   *
   * @param program the version of the program
   * @throws BackupException if it cannot be written
   */
  public Report run(Path file, char[] passphrase, String program) {
    Path partial = file.resolveSibling(file.getFileName() + ".partial");
    try {
      Files.deleteIfExists(partial);
      Files.createFile(partial);
      if (Files.getFileStore(partial).supportsFileAttributeView("posix")) {
        Files.setPosixFilePermissions(partial, PosixFilePermissions.fromString(PRIVATE));
      }
      Report report;
      try (Tables tables = Tables.snapshot(address);
          OutputStream out = new BufferedOutputStream(Files.newOutputStream(partial));
          ZipOutputStream zip =
              new ZipOutputStream(PassphraseStream.seal(out, passphrase, random))) {
        report = write(tables, zip, program);
      }
      Files.move(partial, file, StandardCopyOption.REPLACE_EXISTING);
      return new Report(report.tables(), report.rows(), Files.size(file));
    } catch (IOException e) {
      throw new BackupException(file + " cannot be written: " + e.getMessage(), e);
    }
  }

  private Report write(Tables tables, ZipOutputStream zip, String program) throws IOException {
    List<Tables.Table> all = tables.all();
    // Read after the snapshot was taken: a sequence is never behind what it gave.
    Manifest manifest =
        new Manifest(
            Migrations.version(address), program, clock.instant(), all, tables.sequences());
    zip.putNextEntry(new ZipEntry(Manifest.ENTRY));
    zip.write(manifest.toBytes());
    zip.closeEntry();
    Sums sums = new Sums();
    long rows = 0;
    for (Tables.Table table : all) {
      rows += copy(tables, table, zip, sums);
    }
    // After the tables: a keyset never loses keys, so this one opens all that stands in them.
    for (String name : KEY_FILES) {
      Path file = dataDir.resolve(name);
      if (Files.exists(file)) {
        copy(file, name, zip, sums);
      }
    }
    zip.putNextEntry(new ZipEntry(Sums.ENTRY));
    zip.write(sums.toBytes());
    zip.closeEntry();
    return new Report(all.size(), rows, 0);
  }

  private long copy(Tables tables, Tables.Table table, ZipOutputStream zip, Sums sums)
      throws IOException {
    String entry = TABLES + table.name();
    zip.putNextEntry(new ZipEntry(entry));
    DigestOutputStream summed = new DigestOutputStream(new Unclosed(zip), Digest.sha256());
    long rows = tables.copyOut(table, summed);
    zip.closeEntry();
    sums.add(entry, rows, Digest.hex(summed.getMessageDigest()));
    if (rows > 0) {
      progress.accept(table.name() + ": " + rows + " rows");
    }
    return rows;
  }

  private static void copy(Path file, String name, ZipOutputStream zip, Sums sums)
      throws IOException {
    String entry = FILES + name;
    zip.putNextEntry(new ZipEntry(entry));
    DigestOutputStream summed = new DigestOutputStream(new Unclosed(zip), Digest.sha256());
    Files.copy(file, summed);
    zip.closeEntry();
    sums.add(entry, 0, Digest.hex(summed.getMessageDigest()));
  }

  /** One entry ends, the file goes on. */
  private static final class Unclosed extends FilterOutputStream {
    Unclosed(OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      out.write(bytes, offset, length);
    }

    @Override
    public void close() {}
  }
}
