package postern.sql;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import postern.core.ApiException;
import postern.core.ErrorCode;
import postern.core.Origin;
import postern.core.QueryCount;

/**
 * Writes in groups what many ask for at once: what has come while one transaction was committed
 * goes into the next one. So a commit, and a statement, serves many. Where many come again as soon
 * as they have their answer, a group waits a moment for as many as there were at the last one, or
 * the first of them would go alone. A command that comes alone is carried out on the thread that it
 * came on, and waits for nobody, unless the last group was a crowd. Safe for many threads.
 *
 * @param <C> what is asked for
 * @param <R> what comes of it
 */
public final class GroupWriter<C, R> {
  /** Carries out commands in one transaction. */
  @FunctionalInterface
  public interface Group<C, R> {
    /**
     * What came of each command, in their order. It works for nobody in particular: {@link
     * Origin#current} is the server itself, so where a command comes from is said in the command.
     *
     * @throws DatabaseException if PostgreSQL has refused something; all is undone then, and each
     *     command tried alone
     * @throws ApiException.Invalid the same, where the group itself has found it
     */
    List<R> run(Tx tx, List<C> commands);
  }

  /**
   * The limits.
   *
   * @param lanes how many groups are written at once
   * @param queuedMax how many commands wait at most
   * @param groupSizeMax how many commands are in a group at most
   * @param gatherMax how long a group waits at most for as many as there were at the last one
   */
  public record Limits(int lanes, int queuedMax, int groupSizeMax, Duration gatherMax) {}

  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  private final Database database;
  private final Group<C, R> group;
  private final Limits limits;
  private final List<Lane> lanes;

  /** Makes it; it keeps no thread while there is nothing to do. */
  public GroupWriter(Database database, Group<C, R> group, Limits limits) {
    this.database = database;
    this.group = group;
    this.limits = limits;
    this.lanes = IntStream.range(0, limits.lanes()).mapToObj(i -> new Lane()).toList();
  }

  /**
   * Carries a command out, durably, or throws what its group has thrown for it alone. Within a
   * {@link UnitOfWork} it belongs to the transaction of its request, and to no group.
   *
   * @param key commands of one key meet in one lane
   * @throws ApiException.RetryLater where too many wait, or the database cannot be reached
   */
  public R run(Object key, C command) {
    if (database.isInUnit()) {
      return database.write(tx -> runIn(tx, List.of(command))).getFirst();
    }
    Waiting<C, R> own = new Waiting<>(command);
    lanes.get(Math.floorMod(key.hashCode(), lanes.size())).take(own);
    return own.await();
  }

  /** A queue, and one thread at a time that works on it while there is something in it. */
  private final class Lane {
    private final ArrayBlockingQueue<Waiting<C, R>> queue =
        new ArrayBlockingQueue<>(Math.max(1, limits.queuedMax() / limits.lanes()));
    private final AtomicBoolean isWorking = new AtomicBoolean();

    /** How many a group waits for; set by the thread that works. */
    private volatile int awaited;

    private volatile @Nullable Thread gathering;

    void take(Waiting<C, R> own) {
      if (!queue.offer(own)) {
        throw new ApiException.RetryLater(ErrorCode.SERVICE_UNAVAILABLE, RETRY_AFTER);
      }
      if (queue.size() >= awaited) {
        LockSupport.unpark(gathering);
      }
      if (isWorking.compareAndSet(false, true)) {
        writeNext();
        // Whoever has come meanwhile is another thread's matter: the caller has its answer.
        if (goesOn()) {
          Thread.ofVirtual().name("group").start(this::work);
        }
      }
    }

    private void work() {
      do {
        writeNext();
      } while (goesOn());
    }

    private boolean goesOn() {
      if (!queue.isEmpty()) {
        return true;
      }
      isWorking.set(false);
      // One that came between the two looked in vain for somebody to work.
      return !queue.isEmpty() && isWorking.compareAndSet(false, true);
    }

    private void writeNext() {
      gather();
      List<Waiting<C, R>> next = new ArrayList<>();
      if (queue.drainTo(next, limits.groupSizeMax()) > 0) {
        write(next);
      }
      awaited = Math.min(next.size() + queue.size(), limits.groupSizeMax());
    }

    private void gather() {
      long left = limits.gatherMax().toNanos();
      long end = System.nanoTime() + left;
      gathering = Thread.currentThread();
      while (queue.size() < awaited && left > 0) {
        LockSupport.parkNanos(left);
        left = end - System.nanoTime();
      }
      gathering = null;
    }
  }

  private void write(List<Waiting<C, R>> waiting) {
    QueryCount queries = new QueryCount();
    try {
      List<C> commands = waiting.stream().map(Waiting::command).toList();
      List<R> results =
          ScopedValue.where(Origin.CURRENT, Origin.SYSTEM)
              .where(QueryCount.CURRENT, queries)
              .call(() -> database.write(tx -> runIn(tx, commands)));
      for (int i = 0; i < results.size(); i++) {
        waiting.get(i).done(results.get(i), queries.statements());
      }
    } catch (DatabaseException | ApiException.Invalid e) {
      // It has been undone as a whole: one bad command must not cost the others theirs.
      if (waiting.size() > 1) {
        waiting.forEach(one -> write(List.of(one)));
      } else {
        waiting.getFirst().failed(e, queries.statements());
      }
    } catch (RuntimeException | Error e) {
      // It may have been committed all the same: nobody tries again unasked.
      waiting.forEach(one -> one.failed(e, queries.statements()));
    }
  }

  private List<R> runIn(Tx tx, List<C> commands) {
    List<R> results = group.run(tx, commands);
    if (results.size() != commands.size()) {
      throw new IllegalStateException(results.size() + " results of " + commands.size());
    }
    return results;
  }

  /** A command, and what becomes of it. */
  private static final class Waiting<C, R> {
    private final C command;
    private final CompletableFuture<R> result = new CompletableFuture<>();
    // Written before the result is, and read after it.
    private int statements;

    Waiting(C command) {
      this.command = command;
    }

    C command() {
      return command;
    }

    void done(R done, int sent) {
      statements = sent;
      result.complete(done);
    }

    void failed(Throwable reason, int sent) {
      statements = sent;
      result.completeExceptionally(reason);
    }

    /** Its own result or failure. The statements that its group has sent count as its own. */
    R await() {
      try {
        return result.join();
      } catch (CompletionException e) {
        throw e.getCause() instanceof RuntimeException cause ? cause : e;
      } finally {
        QueryCount.add(statements);
      }
    }
  }
}
