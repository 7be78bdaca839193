package postern.sql;

import java.nio.file.Path;

/**
 * A process of its own that runs an embedded PostgreSQL until its standard input ends: what tests
 * kill, or run as another user.
 */
final class PostgresChild {

  private PostgresChild() {}

  /** Takes the data directory, the cache directory and the path to look for helpers in. */
  public static void main(String[] args) throws Exception {
    try (DataDirectoryLock lock = DataDirectoryLock.take(Path.of(args[0]));
        EmbeddedPostgres postgres =
            EmbeddedPostgres.start(
                lock,
                EmbeddedPostgres.Options.defaults().withCacheDir(Path.of(args[1])),
                args[2],
                true)) {
      System.out.println(postgres.pid());
      System.in.readAllBytes();
    } catch (DataDirectoryLock.HeldException | PostgresStartException e) {
      System.out.println(e.getMessage());
      System.exit(1);
    }
  }
}
