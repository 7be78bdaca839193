package postern.billing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import postern.core.ApiException;
import postern.core.ErrorCode;
import postern.sql.Database;
import postern.sql.DatabaseException;

/**
 * Writes charges in groups: what has come while one transaction was committed goes into the next
 * one. So a wallet that everybody charges is not held back by one commit for each. Safe for many
 * threads.
 */
final class ChargeWriter {
  private record Waiting(ChargeOrder order, CompletableFuture<ChargeResult> result) {}

  /** Charges of one family meet in one lane; families share a few. */
  private static final int LANES = 4;

  private static final int GROUP_SIZE_MAX = 256;
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  private final Database database;
  private final ChargeGroup group;
  private final List<Lane> lanes;

  /**
   * Makes the lanes.
   *
   * @param queuedMax how many charges wait at most
   */
  ChargeWriter(Database database, ChargeGroup group, int queuedMax) {
    this.database = database;
    this.group = group;
    this.lanes =
        IntStream.range(0, LANES).mapToObj(i -> new Lane(Math.max(1, queuedMax / LANES))).toList();
  }

  /**
   * Carries an order out, durably.
   *
   * @throws ApiException.RetryLater where too many wait, or the database cannot be reached
   */
  ChargeResult run(ChargeOrder order) {
    if (database.isInUnit()) {
      // It belongs to the transaction of its request, and to no group.
      return database.write(tx -> group.run(tx, List.of(order))).getFirst();
    }
    Waiting waiting = new Waiting(order, new CompletableFuture<>());
    lanes.get(Math.floorMod(order.root().hashCode(), LANES)).take(waiting);
    try {
      return waiting.result.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  /** A queue, and a thread that works on it while there is something in it. */
  private final class Lane {
    private final ArrayBlockingQueue<Waiting> queue;
    private final AtomicBoolean isWorking = new AtomicBoolean();

    Lane(int size) {
      queue = new ArrayBlockingQueue<>(size);
    }

    void take(Waiting waiting) {
      if (!queue.offer(waiting)) {
        throw new ApiException.RetryLater(ErrorCode.SERVICE_UNAVAILABLE, RETRY_AFTER);
      }
      if (isWorking.compareAndSet(false, true)) {
        Thread.ofVirtual().name("charges").start(this::work);
      }
    }

    private void work() {
      List<Waiting> next = new ArrayList<>(GROUP_SIZE_MAX);
      do {
        while (queue.drainTo(next, GROUP_SIZE_MAX) > 0) {
          write(next);
          next.clear();
        }
        isWorking.set(false);
        // One that came between the two looked in vain for somebody to wake.
      } while (!queue.isEmpty() && isWorking.compareAndSet(false, true));
    }
  }

  private void write(List<Waiting> waiting) {
    try {
      List<ChargeOrder> orders = waiting.stream().map(Waiting::order).toList();
      List<ChargeResult> results = database.write(tx -> group.run(tx, orders));
      for (int i = 0; i < results.size(); i++) {
        waiting.get(i).result.complete(results.get(i));
      }
    } catch (DatabaseException e) {
      // PostgreSQL has refused something in the group and so undone all of it: one bad order must
      // not cost the others theirs.
      if (waiting.size() > 1) {
        waiting.forEach(one -> write(List.of(one)));
      } else {
        waiting.getFirst().result.completeExceptionally(e);
      }
    } catch (RuntimeException | Error e) {
      // It may have been committed all the same: nobody tries again unasked.
      waiting.forEach(one -> one.result.completeExceptionally(e));
    }
  }
}
