package postern.accounts;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import postern.core.UserId;
import postern.keys.Keys;
import postern.sql.Database;
import postern.sql.Tx;

/**
 * Purges deleted children whose restore window is over: their names, addresses, keys and secrets
 * go, a tombstone stays. Several servers may run it at once.
 */
public final class PurgeUsers {
  private static final int BATCH_SIZE = 100;

  private final Database database;
  private final Keys keys;
  private final Duration window;

  public PurgeUsers(Database database, Keys keys, Duration window) {
    this.database = database;
    this.keys = keys;
    this.window = window;
  }

  /** Purges all that are due; how many they were. */
  public int run() {
    return database.writeInBatches(BATCH_SIZE, this::purgeBatch);
  }

  private int purgeBatch(Tx tx) {
    List<UserStore.Tombstone> due = UserStore.due(tx, tx.now().minus(window), BATCH_SIZE);
    Map<UserId, List<UserId>> byFamily =
        due.stream()
            .collect(
                Collectors.groupingBy(
                    UserStore.Tombstone::root,
                    Collectors.mapping(UserStore.Tombstone::user, Collectors.toList())));
    byFamily.forEach(
        (root, users) -> {
          keys.purge(tx, root, users);
          ContactStore.delete(tx, root, users);
          BrandStore.delete(tx, root, users);
          UserStore.purge(tx, root, users);
        });
    return due.size();
  }
}
