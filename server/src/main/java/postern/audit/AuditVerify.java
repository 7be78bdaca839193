package postern.audit;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;
import postern.core.UserId;
import postern.crypto.Signer;
import postern.sql.Database;

/** Looks whether the audit log is as it was written: in constant memory, while others write. */
public final class AuditVerify {
  /**
   * What is wrong first in a family.
   *
   * @param seq the place
   * @param what a sentence
   */
  public record Flaw(UserId root, long seq, String what) {}

  /** What was looked at, and the first flaw of each family that has one. */
  public record Report(long rows, int families, List<Flaw> flaws) {}

  private static final int BATCH_SIZE = 1_000;

  private final Database database;
  private final Signer signer;
  private long rows;

  public AuditVerify(Database database, Signer signer) {
    this.database = database;
    this.signer = signer;
  }

  /**
   * Verifies every family, or one.
   *
   * @param progress is told after each thousand rows how many were looked at
   */
  public Report run(Optional<UserId> only, LongConsumer progress) {
    List<UserId> families = only.map(List::of).orElseGet(() -> database.read(AuditStore::families));
    rows = 0;
    List<Flaw> flaws = families.stream().flatMap(root -> family(root, progress).stream()).toList();
    return new Report(rows, families.size(), flaws);
  }

  private Optional<Flaw> family(UserId root, LongConsumer progress) {
    // The end first: rows that are added meanwhile stand behind it.
    Optional<AuditStore.Head> head =
        Optional.ofNullable(database.read(tx -> AuditStore.heads(tx, List.of(root))).get(root));
    byte[] hash = Chain.BEGINNING;
    long seq = 0;
    while (true) {
      long after = seq;
      List<AuditEntry> batch = database.read(tx -> AuditStore.chained(tx, root, after, BATCH_SIZE));
      if (batch.isEmpty()) {
        return end(root, seq, head);
      }
      for (AuditEntry entry : batch) {
        AuditEntry.Chained chained = entry.chained().orElseThrow();
        Optional<Flaw> flaw = row(root, seq, hash, entry, chained);
        if (flaw.isPresent()) {
          return flaw;
        }
        seq = chained.seq();
        hash = chained.hash();
        if (head.isPresent()
            && head.get().seq() == seq
            && !Arrays.equals(head.get().hash(), hash)) {
          return Optional.of(new Flaw(root, seq, "the noted end of the chain has another hash"));
        }
        rows++;
      }
      Optional<Flaw> flaw = checkpoints(root, after, batch);
      if (flaw.isPresent()) {
        return flaw;
      }
      progress.accept(rows);
    }
  }

  private static Optional<Flaw> row(
      UserId root, long before, byte[] hash, AuditEntry entry, AuditEntry.Chained chained) {
    if (chained.seq() != before + 1) {
      return Optional.of(
          new Flaw(root, before + 1, "the row is gone; the next one is at " + chained.seq()));
    }
    return Arrays.equals(Chain.hash(hash, chained.seq(), entry), chained.hash())
        ? Optional.empty()
        : Optional.of(
            new Flaw(root, chained.seq(), "the row " + entry.id() + " is not as it was written"));
  }

  private Optional<Flaw> checkpoints(UserId root, long after, List<AuditEntry> batch) {
    long to = batch.getLast().chained().orElseThrow().seq();
    for (AuditStore.Checkpoint checkpoint :
        database.read(tx -> AuditStore.checkpoints(tx, root, after, to))) {
      AuditEntry entry = batch.get((int) (checkpoint.seq() - after - 1));
      if (!isSigned(checkpoint)) {
        return Optional.of(
            new Flaw(root, checkpoint.seq(), "the checkpoint's signature is not ours"));
      }
      if (!Arrays.equals(checkpoint.hash(), entry.chained().orElseThrow().hash())) {
        return Optional.of(
            new Flaw(
                root,
                checkpoint.seq(),
                "the row "
                    + entry.id()
                    + " or one before it was replaced: its checkpoint differs"));
      }
    }
    return Optional.empty();
  }

  private boolean isSigned(AuditStore.Checkpoint checkpoint) {
    return signer.verifies(
        Chain.checkpoint(checkpoint.root().toString(), checkpoint.seq(), checkpoint.hash()),
        checkpoint.signature());
  }

  /** Whether rows are missing at the end. */
  private Optional<Flaw> end(UserId root, long seq, Optional<AuditStore.Head> head) {
    List<AuditStore.Checkpoint> beyond =
        database.read(tx -> AuditStore.checkpoints(tx, root, seq, Long.MAX_VALUE));
    // A row may have been added and signed since; then it is there by now.
    boolean isCut =
        (head.isPresent() && head.get().seq() > seq)
            || (!beyond.isEmpty()
                && database.read(tx -> AuditStore.chained(tx, root, seq, 1)).isEmpty());
    if (isCut) {
      return Optional.of(new Flaw(root, seq + 1, "the row is gone, and all behind it"));
    }
    return head.isEmpty() && seq > 0
        ? Optional.of(new Flaw(root, seq, "the noted end of the chain is gone"))
        : Optional.empty();
  }
}
