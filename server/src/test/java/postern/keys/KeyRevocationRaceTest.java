package postern.keys;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import postern.main.RouteTest;
import postern.main.TestServer.Account;

/** No request that begins after the answer to a revocation gets through. */
class KeyRevocationRaceTest extends RouteTest {
  private static final int ROUNDS = 50;
  private static final int THREADS = 8;

  /** Odd from the answer to a disabling until the enabling is sent. */
  private final AtomicInteger phase = new AtomicInteger();

  private final AtomicInteger accepted = new AtomicInteger();
  private final AtomicInteger refused = new AtomicInteger();
  private final AtomicInteger wrong = new AtomicInteger();
  private final AtomicBoolean done = new AtomicBoolean();

  @Test
  void aKeyIsDeadForWhoeverAsksAfterTheAnswer() throws Exception {
    Account parent = server().account();
    Account child = child(parent);
    String path = "/v2/api_keys/" + keyId(child, "production");
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> callers = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        callers.add(threads.submit(() -> call(child)));
      }
      try {
        for (int i = 0; i < ROUNDS; i++) {
          awaitMore(accepted);
          assertThat(as(parent).post(path + "/disable", null).status()).isEqualTo(200);
          phase.incrementAndGet();
          awaitMore(refused);
          phase.incrementAndGet();
          assertThat(as(parent).post(path + "/enable", null).status()).isEqualTo(200);
        }
      } finally {
        done.set(true);
      }
      for (Future<?> caller : callers) {
        caller.get();
      }
    }
    assertThat(wrong).hasValue(0);
  }

  private void call(Account child) {
    while (!done.get()) {
      int before = phase.get();
      boolean ok = as(child).get("/v2/users").status() == 200;
      (ok ? accepted : refused).incrementAndGet();
      if (ok && before % 2 == 1 && phase.get() == before) {
        wrong.incrementAndGet();
      }
    }
  }

  private static void awaitMore(AtomicInteger counter) throws InterruptedException {
    int seen = counter.get();
    for (int i = 0; i < 10_000 && counter.get() < seen + THREADS; i++) {
      Thread.sleep(1);
    }
    assertThat(counter.get()).isGreaterThanOrEqualTo(seen + THREADS);
  }
}
