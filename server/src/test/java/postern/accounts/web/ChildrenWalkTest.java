package postern.accounts.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import postern.main.RouteTest;
import postern.main.TestClient.Reply;
import postern.main.TestServer.Account;

/** Lists stay whole while they are walked, whatever others do to them. */
class ChildrenWalkTest extends RouteTest {
  private static final int ROUNDS = 2;
  private static final int LASTING = 30;
  private static final int WALKS = 4;
  private static final int INSERTS_MAX = 120;

  @Test
  void meetsEveryChildThatWasThereThroughoutExactlyOnce() throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      long seed = new Random().nextLong();
      new Round(seed).run();
    }
  }

  private static final class Round {
    private final long seed;
    private final Random random;
    private final Account parent = server().account();
    private final List<String> lasting = new ArrayList<>();
    private final List<String> doomed = new ArrayList<>();
    private final AtomicBoolean done = new AtomicBoolean();

    Round(long seed) {
      this.seed = seed;
      this.random = new Random(seed);
    }

    void run() throws Exception {
      while (lasting.size() < LASTING) {
        (random.nextInt(3) == 0 ? doomed : lasting).add(child(parent).id());
        maybeLater(random);
      }
      try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
        Future<?> inserts = threads.submit(() -> insert(new Random(seed + 1)));
        Future<?> deletes = threads.submit(this::delete);
        try {
          for (int i = 0; i < WALKS; i++) {
            int size = 1 + random.nextInt(7);
            check(walk("/v2/users/children?page_size=" + size), size);
            check(walk("/v2/users/" + parent.id() + "/children?page_size=" + size), size);
          }
        } finally {
          done.set(true);
        }
        inserts.get();
        deletes.get();
      }
    }

    private void check(List<String> walked, int size) {
      assertThat(walked).as("seed %d, page size %d", seed, size).doesNotHaveDuplicates();
      assertThat(walked).as("seed %d, page size %d", seed, size).containsAll(lasting);
    }

    private void insert(Random own) {
      for (int i = 0; i < INSERTS_MAX && !done.get(); i++) {
        child(parent);
        maybeLater(own);
      }
    }

    private void delete() {
      for (String id : doomed) {
        if (done.get()) {
          return;
        }
        assertThat(as(parent).delete("/v2/users/" + id).status()).isEqualTo(204);
      }
    }

    /** Now and then a new millisecond, so that some children share one. */
    private static void maybeLater(Random random) {
      if (random.nextInt(4) == 0) {
        server().time().advance(Duration.ofMillis(1));
      }
    }

    private List<String> walk(String from) {
      List<String> found = new ArrayList<>();
      String next = from;
      while (true) {
        Reply page = as(parent).get(next);
        assertThat(page.status()).as("seed %d", seed).isEqualTo(200);
        found.addAll(each(page, "children", "id"));
        String link = page.header("Link");
        if (link.isEmpty()) {
          return found;
        }
        next = link.substring(1, link.indexOf('>'));
      }
    }
  }
}
