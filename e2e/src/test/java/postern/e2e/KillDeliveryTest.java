package postern.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import postern.json.Json;

/**
 * Nothing that happened is lost: servers are killed while changes are made and an endpoint fails by
 * chance. The system property {@code postern.e2e.kills} says how often (default 1), {@code
 * postern.e2e.changes} how many changes are made (default 100).
 */
final class KillDeliveryTest {
  private static final int KILLS = Integer.getInteger("postern.e2e.kills", 1);
  private static final int CHANGES = Integer.getInteger("postern.e2e.changes", 100);
  // What fails three times waits for two minutes: the short run, of every build, has little of it.
  private static final int FAILS_ONCE_IN = KILLS > 1 ? 10 : 100;
  private static final int WRITERS = 4;
  private static final int ARRIVES_WITHIN_SECONDS = 240;

  private final long seed = System.nanoTime();
  private final AtomicInteger left = new AtomicInteger(CHANGES);
  private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
  private final List<String> read = new ArrayList<>();
  private volatile boolean done;

  @SuppressWarnings("NullAway.Init")
  private volatile DevServer running;

  @Test
  void everyAcknowledgedChangeArrivesAndTheFeedHasEachOnce() throws Exception {
    SplittableRandom chance = new SplittableRandom(seed);
    try (Receiver receiver = new Receiver(() -> randomStatus(chance))) {
      DevServer server = DevServer.start("kill-delivery");
      running = server;
      server
          .production()
          .post("/v2/webhooks", "{\"url\":\"" + receiver.url() + "\",\"include_children\":true}");
      List<Thread> writers = new ArrayList<>();
      for (int i = 0; i < WRITERS; i++) {
        writers.add(Thread.ofVirtual().start(this::write));
      }
      Thread reader = Thread.ofVirtual().start(this::readFeed);
      killAgainAndAgain();
      for (Thread writer : writers) {
        writer.join();
      }
      Waiting.until(
          "every acknowledged child arrived, seed " + seed,
          ARRIVES_WITHIN_SECONDS,
          () -> created(receiver).containsAll(acknowledged));
      Waiting.until(
          "the feed has every acknowledged child, seed " + seed,
          60,
          () -> feedChildren().containsAll(acknowledged));
      done = true;
      reader.join();
      assertThat(acknowledged).as("seed " + seed).hasSizeGreaterThan(CHANGES / 2);
      assertThat(read).as("the feed, seed " + seed).doesNotHaveDuplicates();
      assertSameIdForTheSame(receiver);
      System.out.printf(
          "killed %d times: %d changes acknowledged, %d deliveries taken of %d events%n",
          KILLS, acknowledged.size(), receiver.taken().size(), read.size());
      running.close();
    }
  }

  private static int randomStatus(SplittableRandom chance) {
    synchronized (chance) {
      return chance.nextInt(FAILS_ONCE_IN) == 0 ? 500 : 200;
    }
  }

  private void killAgainAndAgain() throws Exception {
    for (int kill = 1; kill <= KILLS; kill++) {
      int wanted = CHANGES * kill / (KILLS + 1);
      Waiting.until("so many changes", 120, () -> CHANGES - left.get() >= wanted);
      DevServer victim = running;
      victim.process().kill();
      victim.process().exitCode();
      running = DevServer.startOn(victim.dataDir(), 60, Map.of());
    }
  }

  private void write() {
    while (left.getAndDecrement() > 0) {
      try {
        ApiClient.Reply reply = running.production().post("/v2/users", "{}");
        if (reply.status() == 201) {
          acknowledged.add(reply.text("id"));
        }
      } catch (IOException e) {
        // The server was killed: this change was not acknowledged, and another takes its place.
        left.incrementAndGet();
        pause();
      }
    }
  }

  private void readFeed() {
    String cursor = "0";
    while (!done) {
      try {
        ApiClient.Reply page = running.production().get("/v2/events/feed?wait=1&after=" + cursor);
        if (page.status() == 200) {
          List<String> events = new ArrayList<>();
          page.list("events").forEach(event -> events.add(keyOf((Map<?, ?>) event)));
          synchronized (read) {
            read.addAll(events);
          }
          cursor = page.text("cursor");
        }
      } catch (IOException e) {
        // The cursor is kept; the next server goes on from it.
        pause();
      }
    }
  }

  /** The id, what happened, and to whom. */
  private static String keyOf(Map<?, ?> event) {
    return event.get("id") + " " + event.get("description") + " " + event.get("user_id");
  }

  private Set<String> feedChildren() {
    Set<String> children = new HashSet<>();
    synchronized (read) {
      for (String event : read) {
        String[] parts = event.split(" ", -1);
        if (parts[1].equals("user.created")) {
          children.add(parts[2]);
        }
      }
    }
    return children;
  }

  private static Set<String> created(Receiver receiver) throws Exception {
    Set<String> children = new TreeSet<>();
    for (Receiver.Received got : receiver.taken()) {
      Map<?, ?> event = (Map<?, ?>) Objects.requireNonNull(Json.parse(got.body()));
      if ("user.created".equals(event.get("description"))) {
        children.add(String.valueOf(event.get("user_id")));
      }
    }
    return children;
  }

  /** Deliveries of one event carry one id, and those of two never do. */
  private static void assertSameIdForTheSame(Receiver receiver) throws Exception {
    Map<String, String> idByEvent = new HashMap<>();
    for (Receiver.Received got : receiver.taken()) {
      Map<?, ?> event = (Map<?, ?>) Objects.requireNonNull(Json.parse(got.body()));
      String id = got.header("webhook-id");
      assertThat(id).isEqualTo(event.get("id"));
      assertThat(idByEvent.computeIfAbsent(keyOf(event), key -> id)).isEqualTo(id);
    }
  }

  private static void pause() {
    try {
      Thread.sleep(20);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
