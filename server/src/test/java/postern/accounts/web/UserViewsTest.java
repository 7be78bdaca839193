package postern.accounts.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import postern.main.RouteTest;
import postern.main.TestClient;
import postern.main.TestServer;
import postern.main.TestServer.Account;

/**
 * No node answers with a view that is older than the last change that was answered on it, nor with
 * one that anything older than a second shows, whoever writes and reads at once.
 */
class UserViewsTest extends RouteTest {
  private static final long SECOND_NANOS = Duration.ofSeconds(1).toNanos();
  private static final Pattern ID = Pattern.compile("\\{\"id\":\"(user_[0-9a-f]{32})\"");
  private static final int WRITES = 150;
  private static final int READERS_PER_NODE = 4;

  private static TestServer other;

  private final Account parent = server().account();
  private final Account child = child(parent);

  @BeforeAll
  static void startOther() {
    other = server().secondNode();
  }

  @AfterAll
  static void stopOther() {
    other.close();
  }

  /** What was answered, and when, of changes that one writer makes on one node to one user. */
  private static final class Written {
    /** The last number that was answered, for those who ask the same node. */
    final AtomicLong answered = new AtomicLong();

    /** The moments of the answers, each with its number. */
    final ConcurrentSkipListMap<Long, Long> byNanos = new ConcurrentSkipListMap<>();

    void answered(long number) {
      byNanos.put(System.nanoTime(), number);
      answered.set(number);
    }

    long atTheLatest(long nanos) {
      var entry = byNanos.floorEntry(nanos);
      return entry == null ? 0 : entry.getValue();
    }
  }

  @Test
  void isNeverOlderThanTheLastAnswerOfTheSameNodeOrThanASecond() throws Exception {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Written written = new Written();
    AtomicInteger running = new AtomicInteger(1);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Integer>> readers = new ArrayList<>();
      for (int i = 0; i < READERS_PER_NODE; i++) {
        Random random = new Random(seed + i);
        readers.add(threads.submit(() -> read(server(), true, written, running, random)));
        readers.add(threads.submit(() -> read(other, false, written, running, random)));
      }
      try {
        Random random = new Random(seed - 1);
        for (long number = 1; number <= WRITES; number++) {
          rename(number);
          written.answered(number);
          Thread.sleep(random.nextInt(25));
        }
      } finally {
        running.set(0);
      }
      int reads = 0;
      for (Future<Integer> reader : readers) {
        reads += reader.get(60, TimeUnit.SECONDS);
      }
      assertThat(reads).isGreaterThan(WRITES);
    }
  }

  private void rename(long number) {
    assertThat(
            as(parent)
                .put("/v2/users/" + child.id(), "{\"user\":{\"name\":\"n" + number + "\"}}")
                .status())
        .isEqualTo(200);
  }

  /** Reads the child, alone or in its parent's views, until the writer has ended. */
  private int read(
      TestServer node, boolean isWriters, Written written, AtomicInteger running, Random random) {
    TestClient caller = node.as(parent.productionKey());
    int reads = 0;
    while (running.get() == 1) {
      long begunNanos = System.nanoTime();
      long answered = written.answered.get();
      String name =
          switch (random.nextInt(3)) {
            case 0 -> caller.get("/v2/users/" + child.id()).text("name");
            case 1 -> caller.get("/v2/users").text("children.0.name");
            default -> caller.get("/v2/users/children").text("children.0.name");
          };
      long number = name.startsWith("n") ? Long.parseLong(name.substring(1)) : 0;
      long least = isWriters ? answered : written.atTheLatest(begunNanos - SECOND_NANOS);
      assertThat(number).as("what is seen on the node").isGreaterThanOrEqualTo(least);
      reads++;
    }
    return reads;
  }

  @Test
  void isReadAnewOnlyAfterAChange() {
    String path = "/v2/users/" + child.id();
    String first = as(parent).get(path).body();
    String stored = rows("users", "id = ?", uuid(child.id())).getFirst();
    // Nobody tells of this: what is remembered is seen, and a moment later no more.
    server().rows("update users set name = 'Secretly' where id = ? returning 1", uuid(child.id()));
    String second = as(parent).get(path).body();
    assertThat(second).isIn(first, first.replace("A child", "Secretly"));
    assertThat(rows("users", "id = ?", uuid(child.id())).getFirst()).isNotEqualTo(stored);
    rename(1);
    assertThat(as(parent).get(path).text("name")).isEqualTo("n1");
  }

  @Test
  void ofTheFirstPageIsReadAnewOnlyAfterAChangeInTheFamily() {
    for (String path : List.of("/v2/users/children", "/v2/users/" + parent.id() + "/children")) {
      List<String> before = idsIn(path);
      server()
          .rows("update users set name = 'Secretly' where id = ? returning 1", uuid(child.id()));
      assertThat(as(parent).get(path).text("children.0.name")).isIn("A child", "Secretly", "n1");
      Account second = child(parent);
      assertThat(idsIn(path)).hasSize(before.size() + 1).contains(second.id());
      assertThat(as(parent).get(path).body()).contains("Secretly");
      as(parent).delete("/v2/users/" + second.id());
      assertThat(idsIn(path)).isEqualTo(before);
      rename(1);
      assertThat(as(parent).get(path).text("children.0.name")).isEqualTo("n1");
    }
  }

  @Test
  void ofTheFirstPageIsItsOwnForEachSizeOrderAndCaller() {
    server().time().advance(Duration.ofSeconds(1));
    Account second = child(parent);
    String newestFirst = "/v2/users/" + parent.id() + "/children";
    for (int i = 0; i < 2; i++) {
      assertThat(idsIn("/v2/users/children")).containsExactly(child.id(), second.id());
      assertThat(idsIn(newestFirst)).containsExactly(second.id(), child.id());
      assertThat(idsIn("/v2/users/children?page_size=1")).containsExactly(child.id());
      assertThat(as(parent).get("/v2/users/children?page_size=1").header("Link"))
          .isEqualTo("</v2/users/children?page_size=1&after_id=" + child.id() + ">; rel=\"next\"");
      assertThat(as(parent).get("/beta/users/children?page_size=1").header("Link"))
          .startsWith("</beta/users/children?page_size=1&");
      assertThat(as(child).get("/v2/users/children").body())
          .isEqualTo("{\"children\":[],\"has_more\":false}");
      assertThat(idsIn("/v2/users/children?after_id=" + child.id())).containsExactly(second.id());
      assertThat(idsIn("/v2/users/children?deleted=true")).isEmpty();
    }
  }

  private List<String> idsIn(String path) {
    List<String> ids = new ArrayList<>();
    Matcher matcher = ID.matcher(as(parent).get(path).body());
    while (matcher.find()) {
      ids.add(matcher.group(1));
    }
    return ids;
  }

  @Test
  void ofAUserThatIsNotThereBeginsWhenItIsThere() {
    as(parent).delete("/v2/users/" + child.id());
    String path = "/v2/users/" + child.id();
    assertRefused(as(parent).get(path), 404, "NOT_FOUND");
    assertRefused(as(parent).get(path), 404, "NOT_FOUND");
    assertThat(as(parent).post(path + "/restore", null).status()).isEqualTo(200);
    assertThat(as(parent).get(path).status()).isEqualTo(200);
    assertThat(as(parent).get("/v2/users").text("children.0.id")).isEqualTo(child.id());
  }

  @Test
  void ofOneFamilyIsNotThereForAnother() {
    Account stranger = server().account();
    String path = "/v2/users/" + child.id();
    assertThat(as(parent).get(path).status()).isEqualTo(200);
    assertRefused(as(stranger).get(path), 404, "NOT_FOUND");
    assertThat(as(child).get(path).status()).isEqualTo(200);
    assertRefused(as(child).get("/v2/users/" + parent.id()), 404, "NOT_FOUND");
    assertThat(as(parent).get(path).status()).isEqualTo(200);
  }

  @Test
  void showsTheBalanceAfterEveryPaymentAndCharge() {
    String card =
        as(parent)
            .post("/v2/credit_cards", "{\"credit_card\":{\"payment_method_id\":\"pm_card_visa\"}}")
            .text("id");
    assertThat(as(parent).get("/v2/users").text("balance")).isEqualTo("0.00000");
    assertThat(
            as(parent)
                .post("/v2/credit_cards/" + card + "/charges", "{\"amount\":\"1000\"}")
                .status())
        .isEqualTo(201);
    assertThat(as(parent).get("/v2/users").text("balance")).isEqualTo("10.00000");
    for (int i = 1; i <= 5; i++) {
      assertThat(as(child).post("/v2/charges", "{\"charge\":{\"amount\":\"0.01\"}}").status())
          .isEqualTo(201);
      assertThat(as(parent).get("/v2/users").text("balance")).isEqualTo("9.9" + (10 - i) + "000");
    }
  }
}
