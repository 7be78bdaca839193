package postern.jobs;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Runs each job on a thread of its own, with a pause between the end of one run and the beginning
 * of the next. A run that fails is logged, and the job goes on.
 */
public final class Jobs implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Jobs.class.getName());
  private static final Duration STOP_MAX = Duration.ofSeconds(5);

  private final CountDownLatch stopped = new CountDownLatch(1);
  private final List<Thread> threads = new ArrayList<>();

  /** Starts a job; its first run begins after the first pause. */
  public void every(Duration pause, String name, Runnable job) {
    threads.add(Thread.ofVirtual().name("job " + name).start(() -> loop(pause, name, job)));
  }

  private void loop(Duration pause, String name, Runnable job) {
    while (!isStopped(pause)) {
      try {
        job.run();
      } catch (RuntimeException e) {
        LOG.log(System.Logger.Level.WARNING, "job " + name + " failed and will be tried again", e);
      }
    }
  }

  private boolean isStopped(Duration within) {
    try {
      return stopped.await(within.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  /** Lets runs that have begun end, five seconds at most, and begins no more. */
  @Override
  public void close() {
    stopped.countDown();
    for (Thread thread : threads) {
      try {
        thread.join(STOP_MAX);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }
}
