package postern.sql;

import java.time.Duration;
import java.util.Arrays;
import java.util.function.Consumer;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.output.MigrateResult;

/** Brings a database to the schema that this program needs, which {@code db/V*.sql} describe. */
public final class Migrations {
  /** A statement on a large table takes its time, and so does the lock of another node. */
  private static final Duration READ_TIMEOUT = Duration.ofHours(1);

  private Migrations() {}

  /**
   * Applies what is missing, one migration at a time; several programs at once wait for each other.
   *
   * @param progress is told when something had to be done
   * @return how many migrations were applied
   * @throws PostgresStartException if the database cannot be reached, or is older than 15
   */
  public static int apply(PostgresAddress database, Consumer<String> progress) {
    StartCheck.require(database);
    Flyway flyway = flyway(database);
    MigrateResult result = flyway.migrate();
    if (result.migrationsExecuted > 0) {
      progress.accept("Database schema brought to version " + result.targetSchemaVersion);
    }
    return result.migrationsExecuted;
  }

  /**
   * Brings an empty database to an older schema, or to this program's own.
   *
   * @throws PostgresStartException if this program does not know the version
   */
  public static void applyUpTo(PostgresAddress database, String version) {
    StartCheck.require(database);
    Flyway flyway = flyway(database);
    boolean isKnown =
        Arrays.stream(flyway.info().all())
            .anyMatch(migration -> migration.getVersion().getVersion().equals(version));
    if (!isKnown) {
      throw new PostgresStartException(
          "schema version " + version + " is newer than this program: use a newer one");
    }
    Flyway.configure()
        .configuration(flyway.getConfiguration())
        .target(MigrationVersion.fromVersion(version))
        .load()
        .migrate();
  }

  /** The version that this program needs. */
  public static String newest(PostgresAddress database) {
    MigrationInfo[] all = flyway(database).info().all();
    return all[all.length - 1].getVersion().getVersion();
  }

  /** The version that the database is at; "none" for an empty one. */
  public static String version(PostgresAddress database) {
    MigrationInfo current = flyway(database).info().current();
    return current == null ? "none" : current.getVersion().getVersion();
  }

  private static Flyway flyway(PostgresAddress database) {
    return Flyway.configure()
        .dataSource(new Connecting(database, "postern migrations", READ_TIMEOUT))
        .locations("classpath:db")
        .validateMigrationNaming(true)
        .load();
  }
}
