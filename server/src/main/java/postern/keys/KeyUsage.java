package postern.keys;

import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import postern.core.Principal;
import postern.sql.Database;

/**
 * Notes when each key was last used. Requests only leave a mark in memory; a job writes them in one
 * statement. What a crash loses is the last interval. Safe for many threads.
 */
public final class KeyUsage {
  private static final int KEYS_MAX = 100_000;
  private static final long MILLIS_PER_SECOND = 1_000;

  private final Database database;
  private final InstantSource clock;
  private final ConcurrentHashMap<Principal, Instant> uses = new ConcurrentHashMap<>();

  public KeyUsage(Database database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  /** To the second, so that a key that is always used costs a look at the map and no write. */
  void record(Principal caller) {
    Instant noted = uses.get(caller);
    boolean isNoted = noted != null && noted.getEpochSecond() == clock.millis() / MILLIS_PER_SECOND;
    if (!isNoted && uses.size() < KEYS_MAX) {
      uses.put(caller, clock.instant());
    }
  }

  /** Writes what was noted since the last time; keeps it when the database does not take it. */
  public void flush() {
    Map<Principal, Instant> taken = new HashMap<>();
    for (Map.Entry<Principal, Instant> use : uses.entrySet()) {
      if (uses.remove(use.getKey(), use.getValue())) {
        taken.put(use.getKey(), use.getValue());
      }
    }
    if (taken.isEmpty()) {
      return;
    }
    try {
      database.write(
          tx -> {
            KeyStore.touch(tx, taken);
            return taken.size();
          });
    } catch (RuntimeException e) {
      taken.forEach(uses::putIfAbsent);
      throw e;
    }
  }
}
