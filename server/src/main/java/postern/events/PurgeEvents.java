package postern.events;

import java.time.Duration;
import postern.sql.Database;

/** Removes events that have been kept long enough. Several servers may run it at once. */
public final class PurgeEvents {
  private static final int BATCH_SIZE = 1_000;

  private final Database database;
  private final Duration retention;

  public PurgeEvents(Database database, Duration retention) {
    this.database = database;
    this.retention = retention;
  }

  /** Purges all that are due; how many they were. */
  public int run() {
    int purged = 0;
    EventStore.Purged batch = new EventStore.Purged(0, 0);
    do {
      long after = batch.last();
      batch =
          database.write(tx -> EventStore.purge(tx, tx.now().minus(retention), after, BATCH_SIZE));
      purged += batch.events();
    } while (batch.events() > 0);
    return purged;
  }
}
