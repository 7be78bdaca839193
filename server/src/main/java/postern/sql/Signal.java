package postern.sql;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Wakes those who wait for news in the database, without their asking it again and again. None is
 * missed between a look and the wait after it: take the count, look, then wait from that count.
 * Safe for many threads.
 */
public final class Signal {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition raised = lock.newCondition();
  private long count;

  /** How often it was raised. */
  public long count() {
    lock.lock();
    try {
      return count;
    } finally {
      lock.unlock();
    }
  }

  /** Wakes everybody who waits. */
  public void raise() {
    lock.lock();
    try {
      count++;
      raised.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Returns after a while, however often it is raised: so that what comes meanwhile comes together.
   */
  public void gather(Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Returns when it has been raised since {@code seen} was counted, or after {@code limit}. */
  public void await(long seen, Duration limit) {
    lock.lock();
    try {
      long left = limit.toNanos();
      while (count == seen && left > 0) {
        left = raised.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }
}
