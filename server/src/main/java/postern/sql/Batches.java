package postern.sql;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.function.Supplier;
import postern.core.QueryCount;

/**
 * Goes through results of any length in batches, each read by statements of its own: in constant
 * memory, and without a connection or a snapshot while somebody slow takes what was read. The next
 * batch is read while one is in use. Safe for many threads.
 */
public final class Batches {
  /** How many rows a batch holds. */
  public static final int ROWS = 500;

  /** So many results at once may hold a second batch: many slow readers would fill the memory. */
  private static final int AHEAD_MAX = 8;

  private final Database database;
  private final Semaphore ahead = new Semaphore(AHEAD_MAX);

  /** Reads a part of a result. */
  @FunctionalInterface
  public interface Reader<T> {
    /**
     * The rows behind one of them, in the order of the result.
     *
     * @param after the row; empty for the beginning
     * @param limit how many rows at the most
     */
    List<T> read(Tx tx, Optional<T> after, int limit);
  }

  public Batches(Database database) {
    this.database = database;
  }

  /** Reads everything and has each batch used, in order, on the calling thread. */
  public <T> void forEach(Reader<T> reader, Consumer<List<T>> use) {
    List<T> rows = read(reader, Optional.empty());
    while (rows.size() > ROWS) {
      List<T> batch = rows.subList(0, ROWS);
      Optional<T> last = Optional.of(batch.getLast());
      rows = during(() -> use.accept(batch), () -> read(reader, last));
    }
    if (!rows.isEmpty()) {
      use.accept(rows);
    }
  }

  /** One row more than a batch holds, which tells whether there is another batch. */
  private <T> List<T> read(Reader<T> reader, Optional<T> after) {
    return database.read(tx -> reader.read(tx, after, ROWS + 1));
  }

  /** A transaction belongs to its thread: nothing is read beside it. */
  private <R> R during(Runnable use, Supplier<R> read) {
    if (database.isInUnit() || !ahead.tryAcquire()) {
      use.run();
      return read.get();
    }
    try {
      return beside(use, read);
    } finally {
      ahead.release();
    }
  }

  private static <R> R beside(Runnable use, Supplier<R> read) {
    CompletableFuture<R> next =
        CompletableFuture.supplyAsync(
            QueryCount.carried(read), Thread.ofVirtual().name("read ahead")::start);
    try {
      use.run();
    } catch (RuntimeException | Error e) {
      // Nobody wants the rows any longer; but no work for a request outlives it.
      next.handle((rows, failure) -> true).join();
      throw e;
    }
    return resultOf(next);
  }

  private static <R> R resultOf(CompletableFuture<R> read) {
    try {
      return read.join();
    } catch (CompletionException e) {
      switch (e.getCause()) {
        case RuntimeException failure -> throw failure;
        case Error failure -> throw failure;
        case null, default -> throw e;
      }
    }
  }
}
