package postern.audit;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import postern.core.Ids;
import postern.core.Mode;
import postern.core.Principal;
import postern.core.UserId;
import postern.sql.Database;

/**
 * Refused authentications and authorisations, written in batches after their answers and kept for a
 * time of their own, beside the chain: what a stranger can cause never is in it. Safe for many
 * threads.
 */
public final class Refusals {
  /** How far a caller is known, and how many rows a minute all callers like it can cause. */
  enum Trust {
    /** A production key or a session. */
    KNOWN(6_000, RefusalTally.ROWS_MAX),
    /** A test key, which may stand in code that many can read. */
    TEST(50, RefusalTally.ROWS_MAX),
    /** A stranger. */
    UNKNOWN(50, RefusalTally.ROWS_MAX),
    /** A stranger that has named an account and not proved that it is its own. */
    UNPROVED(50, 1);

    private final int rowsPerMinuteMax;
    private final int rowsOfOneMax;

    Trust(int rowsPerMinuteMax, int rowsOfOneMax) {
      this.rowsPerMinuteMax = rowsPerMinuteMax;
      this.rowsOfOneMax = rowsOfOneMax;
    }

    int rowsPerMinuteMax() {
      return rowsPerMinuteMax;
    }

    int rowsOfOneMax() {
      return rowsOfOneMax;
    }
  }

  /**
   * A refused request.
   *
   * @param root the family in whose log it stands
   * @param route what was asked for
   */
  public record Refusal(
      Instant at,
      UserId root,
      AuditEntry.Actor actor,
      String route,
      String errorCode,
      AuditEntry.Source source,
      Trust trust) {
    private static final AuditEntry.Source NOWHERE = new AuditEntry.Source("", "", "");

    /** One of a caller that has shown who it is. */
    public static Refusal of(
        Instant at, Principal caller, String route, String errorCode, AuditEntry.Source source) {
      return new Refusal(
          at,
          caller.root(),
          AuditEntry.Actor.of(caller),
          route,
          errorCode,
          source,
          caller.mode() == Mode.TEST ? Trust.TEST : Trust.KNOWN);
    }

    /** One of a stranger: it stands in no family's log, whatever the stranger says it is. */
    public static Refusal ofStranger(
        Instant at, String route, String errorCode, AuditEntry.Source source) {
      return new Refusal(
          at, AuditEntry.NO_FAMILY, nobody(""), route, errorCode, source, Trust.UNKNOWN);
    }

    /**
     * A failed attempt on an account. The account's owner is told that there are such attempts and
     * how many, and nothing that the stranger has chosen.
     */
    public static Refusal onAccount(Instant at, UserId account, String route, String errorCode) {
      return new Refusal(
          at, account, nobody(account.toString()), route, errorCode, NOWHERE, Trust.UNPROVED);
    }

    /** What stands for callers that have no row of their own. */
    Refusal ofOthers() {
      return new Refusal(
          at, AuditEntry.NO_FAMILY, nobody(""), route, "NOT_WRITTEN", NOWHERE, trust);
    }

    private static AuditEntry.Actor nobody(String user) {
      return new AuditEntry.Actor("nobody", "", user, "");
    }
  }

  private static final int BATCH_SIZE = 250;
  private static final int PURGE_BATCH_SIZE = 1_000;

  private final Database database;
  private final Ids ids;
  private final Duration retention;
  private final RefusalTally tally;

  /**
   * Makes it.
   *
   * @param retention how long refusals are kept
   * @param waitingMax how many rows wait to be written at most
   */
  public Refusals(Database database, Ids ids, Duration retention, int waitingMax) {
    this.database = database;
    this.ids = ids;
    this.retention = retention;
    this.tally = new RefusalTally(waitingMax);
  }

  /** Takes one; never waits for the database. */
  public void add(Refusal refusal) {
    tally.add(refusal);
  }

  /** Writes what is due. What cannot be written waits for the next time. */
  public void flush() {
    write(tally.take(database.now()));
  }

  /** Writes everything, also the counts of a minute that is not over: before the server stops. */
  public void flushAll() {
    write(tally.takeAll());
  }

  private void write(List<RefusalTally.Row> rows) {
    for (int from = 0; from < rows.size(); from += BATCH_SIZE) {
      List<RefusalTally.Row> batch = rows.subList(from, Math.min(from + BATCH_SIZE, rows.size()));
      try {
        database.write(
            tx -> {
              RefusalStore.insert(tx, ids, batch);
              return batch.size();
            });
      } catch (RuntimeException e) {
        tally.putBack(rows.subList(from, rows.size()));
        throw e;
      }
    }
  }

  /** Removes refusals that have been kept long enough; how many those were. */
  public int purge() {
    return database.writeInBatches(
        PURGE_BATCH_SIZE,
        tx -> RefusalStore.purge(tx, tx.now().minus(retention), PURGE_BATCH_SIZE));
  }
}
