package postern.core;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Counts the statements that are sent to the database on behalf of one request. The server binds
 * one per request; the database adds to whichever is bound.
 */
public final class QueryCount {
  /** The count of the request that the current thread works for. */
  public static final ScopedValue<QueryCount> CURRENT = ScopedValue.newInstance();

  private final AtomicInteger statements = new AtomicInteger();

  /** Adds statements to the current request's count, if there is a request. */
  public static void add(int sent) {
    if (CURRENT.isBound()) {
      CURRENT.get().statements.addAndGet(sent);
    }
  }

  /** The same work for another thread, with its statements counted for the current request. */
  public static <T> Supplier<T> carried(Supplier<T> work) {
    if (!CURRENT.isBound()) {
      return work;
    }
    QueryCount count = CURRENT.get();
    return () -> ScopedValue.where(CURRENT, count).call(work::get);
  }

  public int statements() {
    return statements.get();
  }
}
