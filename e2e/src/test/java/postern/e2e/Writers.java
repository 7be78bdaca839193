package postern.e2e;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** Eight callers that create children, and what each was answered. */
final class Writers implements AutoCloseable {
  private static final int WRITERS = 8;

  private final ApiClient client;
  private final Map<String, List<String>> acknowledged = new ConcurrentHashMap<>();
  private final ConcurrentLinkedQueue<ApiClient.Reply> refused = new ConcurrentLinkedQueue<>();
  private final AtomicInteger cutOff = new AtomicInteger();
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean stopping;

  Writers(ApiClient client) {
    this.client = client;
    for (int i = 0; i < WRITERS; i++) {
      threads.add(Thread.ofVirtual().start(this::write));
    }
  }

  private void write() {
    while (!stopping) {
      try {
        ApiClient.Reply reply = client.post("/v2/users", "{\"user\":{\"name\":\"Child\"}}");
        if (reply.status() == 201) {
          acknowledged.put(
              reply.text("id"),
              List.of(reply.text("api_keys.0.key"), reply.text("api_keys.1.key")));
        } else {
          refused.add(reply);
        }
      } catch (IOException e) {
        cutOff.incrementAndGet();
        pause();
      }
    }
  }

  private static void pause() {
    try {
      Thread.sleep(20);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Blocks until some more children were acknowledged than at the call. */
  void awaitMore(int children) throws Exception {
    int wanted = acknowledged.size() + children;
    Waiting.until(children + " more children", 30, () -> acknowledged.size() >= wanted);
  }

  /** Both keys of each child whose creation was answered, by the child's id. */
  Map<String, List<String>> acknowledged() {
    return new TreeMap<>(acknowledged);
  }

  /** Every answer but 201. */
  List<ApiClient.Reply> refused() {
    return List.copyOf(refused);
  }

  /** How many requests got no answer at all. */
  int cutOff() {
    return cutOff.get();
  }

  /** Stops them and waits for the answers that are still to come. */
  void stop() throws InterruptedException {
    stopping = true;
    for (Thread thread : threads) {
      thread.join();
    }
  }

  /** Has them stop after their current request. */
  @Override
  public void close() {
    stopping = true;
  }
}
