package postern.audit;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import postern.core.UserId;
import postern.crypto.Signer;
import postern.sql.Database;
import postern.sql.Signal;
import postern.sql.Sweep;
import postern.sql.Tx;

/**
 * Chains committed rows, family by family, and signs the ends from time to time. One transaction at
 * a time does this, after the commits of those who wrote, so that none of them waits for another.
 */
public final class AuditChain implements AutoCloseable {
  /** The advisory lock that lets one transaction at a time chain. */
  static final long LOCK = 0x706f_7374_6572_6e02L;

  private static final Logger LOG = System.getLogger(AuditChain.class.getName());

  /** As many as the young generation has room for: more would become old on their way. */
  private static final int BATCH_SIZE = 250;

  /** After one batch, so that under load the next one is large. */
  private static final Duration GATHERING = Duration.ofMillis(250);

  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final Duration STOP_MAX = Duration.ofSeconds(5);

  private final Database database;
  private final Signer signer;
  private final Signal wake = new Signal();
  private volatile boolean closed;
  private volatile @Nullable Thread thread;

  public AuditChain(Database database, Signer signer) {
    this.database = database;
    this.signer = signer;
  }

  /** Begins to chain. */
  public void start() {
    thread = Thread.ofVirtual().name("audit chain").start(this::loop);
  }

  void wake() {
    wake.raise();
  }

  private void loop() {
    Sweep sweep = new Sweep();
    while (!closed) {
      long seen = wake.count();
      try {
        if (chain(sweep) > 0) {
          wake.gather(GATHERING);
        }
      } catch (RuntimeException e) {
        LOG.log(Level.WARNING, "rows of the audit log wait to be chained: " + e.getMessage());
        seen = wake.count();
      }
      wake.await(seen, PAUSE);
    }
  }

  /** Chains everything that is committed, now; how many rows that was. */
  public int chainAll() {
    return chain(new Sweep());
  }

  private int chain(Sweep sweep) {
    return sweep.run(database, BATCH_SIZE, AuditChain::chainBatch, AuditStore.Unchained::written);
  }

  private static List<AuditStore.Unchained> chainBatch(Tx tx, long behind) {
    List<AuditStore.Unchained> unchained = AuditStore.unchained(tx, behind, BATCH_SIZE);
    if (!unchained.isEmpty()) {
      chain(tx, unchained.stream().map(AuditStore.Unchained::entry).toList());
    }
    return unchained;
  }

  private static void chain(Tx tx, List<AuditEntry> next) {
    List<UserId> roots = next.stream().map(AuditEntry::root).distinct().toList();
    Map<UserId, AuditStore.Head> heads = new HashMap<>(AuditStore.heads(tx, roots));
    List<AuditEntry> chained = new ArrayList<>(next.size());
    for (AuditEntry entry : next) {
      AuditStore.Head head =
          heads.getOrDefault(entry.root(), new AuditStore.Head(entry.root(), 0, Chain.BEGINNING));
      long seq = head.seq() + 1;
      byte[] hash = Chain.hash(head.hash(), seq, entry);
      heads.put(entry.root(), new AuditStore.Head(entry.root(), seq, hash));
      chained.add(with(entry, new AuditEntry.Chained(seq, hash)));
    }
    AuditStore.chain(tx, chained, List.copyOf(heads.values()));
  }

  private static AuditEntry with(AuditEntry entry, AuditEntry.Chained chained) {
    return new AuditEntry(
        entry.root(),
        entry.id(),
        entry.createdAt(),
        entry.actor(),
        entry.action(),
        entry.object(),
        entry.before(),
        entry.after(),
        entry.source(),
        entry.errorCode(),
        Optional.of(chained));
  }

  /** Signs the end of every chain that has moved since it was signed; how many those are. */
  public int sign() {
    return database.writeInBatches(BATCH_SIZE, this::signBatch);
  }

  private int signBatch(Tx tx) {
    List<AuditStore.Checkpoint> checkpoints =
        AuditStore.moved(tx, BATCH_SIZE).stream()
            .map(
                head ->
                    new AuditStore.Checkpoint(
                        head.root(),
                        head.seq(),
                        head.hash(),
                        signer.sign(
                            Chain.checkpoint(head.root().toString(), head.seq(), head.hash()))))
            .toList();
    if (!checkpoints.isEmpty()) {
      AuditStore.insertCheckpoints(tx, checkpoints);
    }
    return checkpoints.size();
  }

  @Override
  public void close() {
    closed = true;
    wake.raise();
    Thread running = thread;
    if (running != null) {
      try {
        running.join(STOP_MAX);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
