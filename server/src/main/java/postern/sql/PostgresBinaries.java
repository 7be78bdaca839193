package postern.sql;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The programs of one PostgreSQL.
 *
 * @param bin the directory that holds {@code postgres} and {@code initdb}
 * @param major the major version, such as 18
 */
record PostgresBinaries(Path bin, int major) {

  static final int MAJOR_MIN = 15;

  private static final Pattern VERSION = Pattern.compile("\\(PostgreSQL\\) (\\d+)");

  // Root's own cache is mostly below /root, which PostgreSQL's user may not enter.
  private static final Path ROOTS_CACHE = Path.of("/var/cache/postern");

  private static final String CACHE_IN_DATA = "cache";

  /** The programs of the given directory, or else our own, unpacked when they are not yet. */
  static PostgresBinaries find(EmbeddedPostgres.Options options, Path dataDir, Launcher launcher) {
    Optional<Path> given = options.postgresBin();
    return given.isPresent()
        ? given(given.get().toAbsolutePath(), launcher)
        : own(options, dataDir, launcher);
  }

  private static PostgresBinaries given(Path bin, Launcher launcher) {
    if (!Files.exists(program(bin, "postgres")) || !Files.exists(program(bin, "initdb"))) {
      throw new PostgresStartException(
          "There is no PostgreSQL server in "
              + bin
              + ": set storage.postgres-bin to the directory that holds the programs postgres and"
              + " initdb.");
    }
    PostgresBinaries binaries = probe(bin, launcher, "storage.postgres-bin");
    if (binaries.major < MAJOR_MIN) {
      throw new PostgresStartException(
          "The PostgreSQL in "
              + bin
              + " is of version "
              + binaries.major
              + ": set storage.postgres-bin to version "
              + MAJOR_MIN
              + " or newer.");
    }
    return binaries;
  }

  private static PostgresBinaries own(
      EmbeddedPostgres.Options options, Path dataDir, Launcher launcher) {
    PostgresArchive archive = PostgresArchive.find();
    List<String> failures = new ArrayList<>();
    for (Path cache : caches(options, dataDir, launcher)) {
      try {
        makeCache(cache);
        if (launcher.canReach(cache)) {
          Path home = archive.unpackedIn(cache, options.progress());
          return probe(home.resolve("bin"), launcher, "the cache");
        }
        failures.add(cache + " lies below a directory that PostgreSQL's user may not enter");
      } catch (IOException e) {
        failures.add(e.toString());
      } catch (PostgresStartException e) {
        // A file system that is mounted without the right to execute, for one.
        failures.add(String.valueOf(e.getMessage()));
      }
    }
    throw new PostgresStartException(
        "PostgreSQL's programs cannot be unpacked ("
            + String.join("; ", failures)
            + "): set XDG_CACHE_HOME to a directory with 60 MB of room.");
  }

  /** In order of preference. The last is for a home that is missing or cannot be written. */
  private static List<Path> caches(
      EmbeddedPostgres.Options options, Path dataDir, Launcher launcher) {
    return Stream.of(
            options.cacheDir().stream(),
            launcher.user().stream().map(_ -> ROOTS_CACHE),
            Stream.of(dataDir.resolve(CACHE_IN_DATA)))
        .flatMap(caches -> caches)
        .map(Path::toAbsolutePath)
        .toList();
  }

  private static void makeCache(Path cache) throws IOException {
    if (!Files.isDirectory(cache)) {
      Files.createDirectories(cache);
      if (PostgresUser.weAreRoot()) {
        Files.setPosixFilePermissions(cache, PosixFilePermissions.fromString("rwxr-xr-x"));
      }
    }
  }

  private static PostgresBinaries probe(Path bin, Launcher launcher, String place) {
    Program.Result result =
        Program.run(
            launcher.program(
                Launcher.Directory.reachable(Path.of("/")),
                List.of(program(bin, "postgres").toString(), "--version")));
    Matcher version = VERSION.matcher(result.output());
    if (!result.succeeded() || !version.find()) {
      throw new PostgresStartException(
          "PostgreSQL in "
              + bin
              + " ("
              + place
              + ") does not run: "
              + result.output().strip()
              + " - check that PostgreSQL's user may enter that directory; what is in the cache may"
              + " be deleted and comes back.");
    }
    return new PostgresBinaries(bin, Integer.parseInt(version.group(1)));
  }

  private static Path program(Path bin, String name) {
    return bin.resolve(Platform.isWindows() ? name + ".exe" : name);
  }

  /** The path of one of the programs. */
  String program(String name) {
    return program(bin, name).toString();
  }
}
