package postern.e2e;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.function.Supplier;

/**
 * Callers that each create one child after the other, each under an idempotency key of its own, and
 * send every request again until it is done: what a careful client does.
 */
final class SteadyWriters implements AutoCloseable {
  private static final int WRITERS = 32;
  private static final int PAUSE_MS = 20;

  private final Supplier<ApiClient> client;
  private final Map<String, List<String>> acknowledged = new ConcurrentHashMap<>();
  private final ConcurrentLinkedQueue<ApiClient.Reply> refused = new ConcurrentLinkedQueue<>();
  private final AtomicInteger requests = new AtomicInteger();
  private final AtomicInteger cutOff = new AtomicInteger();
  private final AtomicInteger names = new AtomicInteger();
  private final LongAccumulator slowestNanos = new LongAccumulator(Math::max, 0);
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean stopping;

  /**
   * Has them begin.
   *
   * @param client whom they speak to; asked before each request, since it may have moved
   */
  SteadyWriters(Supplier<ApiClient> client) {
    this.client = client;
    for (int i = 0; i < WRITERS; i++) {
      threads.add(Thread.ofVirtual().start(this::write));
    }
  }

  private void write() {
    while (!stopping) {
      create("w" + names.incrementAndGet());
    }
  }

  private void create(String name) {
    while (true) {
      try {
        requests.incrementAndGet();
        long startNanos = System.nanoTime();
        ApiClient.Reply reply =
            client.get().postOnce("/v2/users", "{\"user\":{\"name\":\"" + name + "\"}}", name);
        slowestNanos.accumulate(System.nanoTime() - startNanos);
        if (reply.status() == 201) {
          acknowledged.put(
              reply.text("id"),
              List.of(reply.text("api_keys.0.key"), reply.text("api_keys.1.key")));
          return;
        }
        refused.add(reply);
      } catch (IOException e) {
        cutOff.incrementAndGet();
      }
      pause();
    }
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Blocks until some more children were acknowledged than at the call. */
  void awaitMore(int children, int withinSeconds) throws Exception {
    int wanted = acknowledged.size() + children;
    Waiting.until(children + " more children", withinSeconds, () -> acknowledged.size() >= wanted);
  }

  /** Both keys of each child whose creation was answered, by the child's id. */
  Map<String, List<String>> acknowledged() {
    return new TreeMap<>(acknowledged);
  }

  /** Every answer but 201. */
  List<ApiClient.Reply> refused() {
    return List.copyOf(refused);
  }

  /** How many requests were sent. */
  int requests() {
    return requests.get();
  }

  /** How many requests got no answer at all. */
  int cutOff() {
    return cutOff.get();
  }

  /** How long the slowest answer of all took. */
  long slowestMs() {
    return slowestNanos.get() / 1_000_000;
  }

  /** Stops them, and waits until each has done what it had begun. */
  void stop() throws InterruptedException {
    stopping = true;
    for (Thread thread : threads) {
      thread.join();
    }
  }

  @Override
  public void close() {
    stopping = true;
    threads.forEach(Thread::interrupt);
  }
}
