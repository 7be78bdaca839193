package postern.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import postern.testing.TestPostgres;
import postern.testing.Waiting;

/** How long it takes to get the only connection. */
class ConnectionWaitTest {
  private final Database database =
      Database.open(
          TestPostgres.freshDatabase(),
          new Database.Settings(1, Duration.ofSeconds(20), Duration.ofSeconds(10)),
          InstantSource.system());

  /** Has the connection, once it gets it, until it is told to give it back. */
  private final class Holder {
    private final long askedNanos = System.nanoTime();
    private final CountDownLatch got = new CountDownLatch(1);
    private final CountDownLatch mayGiveBack = new CountDownLatch(1);
    private final Thread thread =
        Thread.ofVirtual()
            .start(
                () ->
                    database.read(
                        tx -> {
                          got.countDown();
                          Waiting.on(mayGiveBack);
                          return true;
                        }));

    void giveBack() throws InterruptedException {
      mayGiveBack.countDown();
      thread.join();
    }
  }

  private Holder waitingHolder() throws Exception {
    Holder holder = new Holder();
    Waiting.until("it waits", () -> database.waitingForConnection() == 1);
    return holder;
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void isThatOfOneWhereverTheNextAlwaysWaits() throws Exception {
    Holder current = new Holder();
    Waiting.on(current.got);
    Holder next = waitingHolder();
    database.longestWaitNanos();
    for (int turn = 0; turn < 5; turn++) {
      current.giveBack();
      current = next;
      Waiting.on(current.got);
      next = waitingHolder();
      long longest = database.longestWaitNanos();
      assertThat(longest).isPositive().isLessThan(System.nanoTime() - current.askedNanos);
    }
    current.giveBack();
    next.giveBack();
  }

  @Test
  void growsWhileNobodyGetsIt() throws Exception {
    Holder stuck = new Holder();
    Waiting.on(stuck.got);
    database.longestWaitNanos();
    long beganNanos = System.nanoTime();
    assertThat(database.longestWaitNanos()).isZero();
    Holder waiting = waitingHolder();
    database.longestWaitNanos();
    long longest = database.longestWaitNanos();
    assertThat(longest).isPositive().isLessThan(System.nanoTime() - beganNanos);
    Waiting.until("it grows with the time", () -> database.longestWaitNanos() > 2 * longest);
    stuck.giveBack();
    Waiting.on(waiting.got);
    assertThat(database.longestWaitNanos()).isGreaterThan(longest);
    waiting.giveBack();
    database.longestWaitNanos();
    assertThat(database.longestWaitNanos()).isZero();
  }
}
