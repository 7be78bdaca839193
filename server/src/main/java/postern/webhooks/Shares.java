package postern.webhooks;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import postern.core.UserId;
import postern.core.WebhookId;

/**
 * Who has how many deliveries under way: all together, each family and each endpoint has a limit,
 * so that slow receivers of one family leave room for the others. Safe for many threads.
 */
final class Shares {
  /**
   * What the next claim may take.
   *
   * @param room deliveries in all
   * @param webhooks how many more an endpoint may have, where that is less than usual
   * @param families how many a family has under way
   */
  record Free(int room, Map<WebhookId, Integer> webhooks, Map<UserId, Integer> families) {}

  private final int atOnceMax;
  private final int perEndpointMax;
  private final Map<WebhookId, Integer> webhooks = new HashMap<>();
  private final Map<UserId, Integer> families = new HashMap<>();
  private final Set<WebhookId> failing = ConcurrentHashMap.newKeySet();
  private int all;

  Shares(int atOnceMax, int perEndpointMax) {
    this.atOnceMax = atOnceMax;
    this.perEndpointMax = perEndpointMax;
  }

  synchronized Free free() {
    Map<WebhookId, Integer> free = new HashMap<>();
    webhooks.forEach((id, count) -> free.put(id, Math.max(0, limitOf(id) - count)));
    failing.forEach(id -> free.putIfAbsent(id, 1));
    return new Free(atOnceMax - all, free, Map.copyOf(families));
  }

  /** An endpoint that fails gets one request at a time until it answers again. */
  private int limitOf(WebhookId id) {
    return failing.contains(id) ? 1 : perEndpointMax;
  }

  synchronized void begin(Delivery delivery) {
    all++;
    webhooks.merge(delivery.webhook(), 1, Integer::sum);
    families.merge(delivery.root(), 1, Integer::sum);
  }

  synchronized void end(Delivery delivery) {
    all--;
    webhooks.computeIfPresent(delivery.webhook(), (id, count) -> count == 1 ? null : count - 1);
    families.computeIfPresent(delivery.root(), (id, count) -> count == 1 ? null : count - 1);
    notifyAll();
  }

  /** Notes whether an endpoint answered as it should. */
  void noteAnswer(WebhookId webhook, boolean isSuccess) {
    if (isSuccess) {
      failing.remove(webhook);
    } else {
      failing.add(webhook);
    }
  }

  /** Waits until nothing is under way, at most this long. */
  synchronized void awaitNone(Duration max) throws InterruptedException {
    long deadline = System.nanoTime() + max.toNanos();
    while (all > 0 && System.nanoTime() < deadline) {
      wait(100);
    }
  }
}
