package postern.audit;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import postern.core.Ids;
import postern.core.Principal;
import postern.core.UserId;
import postern.sql.Database;
import postern.sql.Tx;

/**
 * Refused authentications and authorisations, written in batches after their answers. What does not
 * fit into the queue is counted, and the count is written. Safe for many threads.
 */
public final class Refusals {
  /**
   * A refused request.
   *
   * @param caller whose key it was; empty where the key was not known
   * @param claimed the owner that an unknown key names
   * @param route what was asked for
   */
  public record Refusal(
      Instant at,
      Optional<Principal> caller,
      Optional<UserId> claimed,
      String route,
      String errorCode,
      AuditEntry.Source source) {}

  /** As many as the young generation has room for: more would become old on their way. */
  private static final int BATCH_SIZE = 250;

  private final Database database;
  private final Ids ids;
  private final AuditChain chain;
  private final ArrayBlockingQueue<Refusal> queue;
  private final AtomicLong dropped = new AtomicLong();

  /**
   * Makes the queue.
   *
   * @param queuedMax how many wait to be written at most
   */
  public Refusals(Database database, Ids ids, AuditChain chain, int queuedMax) {
    this.database = database;
    this.ids = ids;
    this.chain = chain;
    this.queue = new ArrayBlockingQueue<>(queuedMax);
  }

  /** Takes one; never waits. */
  public void add(Refusal refusal) {
    if (!queue.offer(refusal)) {
      dropped.incrementAndGet();
    }
  }

  /** Writes what waits. What cannot be written waits for the next time. */
  public void flush() {
    List<Refusal> batch = new ArrayList<>();
    while (queue.drainTo(batch, BATCH_SIZE) > 0 || dropped.get() > 0) {
      long lost = dropped.getAndSet(0);
      try {
        database.write(tx -> write(tx, batch, lost));
      } catch (RuntimeException e) {
        batch.forEach(this::add);
        dropped.addAndGet(lost);
        throw e;
      }
      batch.clear();
    }
  }

  private int write(Tx tx, List<Refusal> batch, long lost) {
    Map<UserId, UserId> families = new HashMap<>();
    List<AuditEntry> entries = new ArrayList<>(batch.size() + 1);
    for (Refusal refusal : batch) {
      entries.add(entry(tx, refusal, familyOf(tx, refusal, families)));
    }
    if (lost > 0) {
      AuditEntry.Source nowhere = new AuditEntry.Source("", "", "");
      Refusal more =
          new Refusal(
              tx.now(), Optional.empty(), Optional.empty(), lost + " more", "NOT_WRITTEN", nowhere);
      entries.add(entry(tx, more, AuditEntry.NO_FAMILY));
    }
    AuditStore.insert(tx, entries);
    tx.afterCommit(chain::wake);
    return entries.size();
  }

  private static UserId familyOf(Tx tx, Refusal refusal, Map<UserId, UserId> known) {
    if (refusal.caller().isPresent()) {
      return refusal.caller().get().root();
    }
    return refusal
        .claimed()
        .map(
            owner ->
                known.computeIfAbsent(
                    owner, user -> AuditStore.familyOf(tx, user).orElse(AuditEntry.NO_FAMILY)))
        .orElse(AuditEntry.NO_FAMILY);
  }

  private AuditEntry entry(Tx tx, Refusal refusal, UserId root) {
    String user =
        refusal
            .caller()
            .map(Principal::user)
            .or(() -> root.equals(AuditEntry.NO_FAMILY) ? Optional.empty() : refusal.claimed())
            .map(UserId::toString)
            .orElse("");
    AuditEntry.Actor actor =
        refusal
            .caller()
            .map(AuditEntry.Actor::of)
            .orElseGet(() -> new AuditEntry.Actor("nobody", "", user, ""));
    return new AuditEntry(
        root,
        ids.audit(tx.now()),
        refusal.at(),
        actor,
        refusal.route(),
        new AuditEntry.Target("", "", ""),
        "{}",
        "{}",
        refusal.source(),
        refusal.errorCode(),
        Optional.empty());
  }
}
