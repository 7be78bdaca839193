package postern.keys;

import postern.crypto.Sealer;
import postern.sql.Database;
import postern.sql.Tx;

/** Seals every API key with the newest key of the keyset. May be broken off and run again. */
public final class ResealKeys {
  private static final int BATCH_SIZE = 500;

  private final Database database;
  private final KeyStore store;

  public ResealKeys(Database database, Sealer sealer) {
    this.database = database;
    this.store = new KeyStore(sealer);
  }

  /** Whether the keyset opens the newest API key that is stored; also if none is. */
  public boolean canOpen(Tx tx) {
    return store.unreadable(tx, 1) == 0;
  }

  /** Seals all that another key sealed; how many they were. */
  public int run() {
    return database.writeInBatches(BATCH_SIZE, tx -> store.reseal(tx, BATCH_SIZE));
  }
}
