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

/** Callers that create one child after the other, and what each was answered. */
final class Writers implements AutoCloseable {
  private static final int CARELESS = 8;
  private static final int CAREFUL = 32;
  private static final int PAUSE_MS = 20;

  private final Supplier<ApiClient> client;
  private final boolean sendsAgain;
  private final Map<String, List<String>> acknowledged = new ConcurrentHashMap<>();
  private final ConcurrentLinkedQueue<ApiClient.Reply> refused = new ConcurrentLinkedQueue<>();
  private final AtomicInteger requests = new AtomicInteger();
  private final AtomicInteger cutOff = new AtomicInteger();
  private final AtomicInteger names = new AtomicInteger();
  private final LongAccumulator slowestNanos = new LongAccumulator(Math::max, 0);
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean stopping;
  private volatile boolean leaving;

  private Writers(Supplier<ApiClient> client, int callers, boolean sendsAgain) {
    this.client = client;
    this.sendsAgain = sendsAgain;
    for (int i = 0; i < callers; i++) {
      threads.add(Thread.ofVirtual().start(this::write));
    }
  }

  /** Eight that send each request once, and do not mind what becomes of it. */
  static Writers careless(ApiClient client) {
    return new Writers(() -> client, CARELESS, false);
  }

  /**
   * 32 that send each request under an idempotency key of its own, and again until it is done.
   *
   * @param client whom they speak to; asked before each request, since it may have moved
   */
  static Writers careful(Supplier<ApiClient> client) {
    return new Writers(client, CAREFUL, true);
  }

  private void write() {
    while (!stopping) {
      String name = "w" + names.incrementAndGet();
      while (!send(name)) {
        pause();
        if (!sendsAgain || leaving) {
          break;
        }
      }
    }
  }

  /** Whether the child is there for certain. */
  private boolean send(String name) {
    String child = "{\"user\":{\"name\":\"" + name + "\"}}";
    try {
      requests.incrementAndGet();
      long startNanos = System.nanoTime();
      ApiClient.Reply reply =
          sendsAgain
              ? client.get().postOnce("/v2/users", child, name)
              : client.get().post("/v2/users", child);
      slowestNanos.accumulate(System.nanoTime() - startNanos);
      if (reply.status() == 201) {
        acknowledged.put(
            reply.text("id"), List.of(reply.text("api_keys.0.key"), reply.text("api_keys.1.key")));
        return true;
      }
      refused.add(reply);
    } catch (IOException e) {
      cutOff.incrementAndGet();
    }
    return false;
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

  /** Has them end what they have begun, and waits for that. */
  void stop() throws InterruptedException {
    stopping = true;
    for (Thread thread : threads) {
      thread.join();
    }
  }

  /** Has them leave what is refused from now on, or not answered, and does not wait for it. */
  @Override
  public void close() {
    leaving = true;
    stopping = true;
  }
}
