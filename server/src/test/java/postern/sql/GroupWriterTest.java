package postern.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import postern.core.ApiException;
import postern.core.ErrorCode;
import postern.core.Origin;
import postern.core.QueryCount;
import postern.testing.TestPostgres;
import postern.testing.Waiting;

/** Groups on a real database: who is in one, and what becomes of whom. */
class GroupWriterTest {
  private static final int MANY = 64;
  private static final int UNAVAILABLE = -1;
  private static final int INVALID = -2;

  private static final int CALLERS = 8;
  private static final int GROUPS = 30;

  /** What a caller got, and how many statements count as its own. */
  private record Got(int result, int statements) {}

  private final PostgresAddress address = TestPostgres.freshDatabase();
  private final Database database =
      Database.open(
          address,
          new Database.Settings(4, Duration.ofSeconds(5), Duration.ofSeconds(30)),
          InstantSource.system());
  private final List<List<Integer>> groups = Collections.synchronizedList(new ArrayList<>());
  private final List<Thread> workers = Collections.synchronizedList(new ArrayList<>());
  private final CountDownLatch firstMayEnd = new CountDownLatch(1);

  @BeforeEach
  void makeTable() throws Exception {
    try (Connection connection = TestPostgres.connect(address);
        Statement statement = connection.createStatement()) {
      statement.execute("create table numbers (number int8 primary key)");
    }
  }

  @AfterEach
  void close() {
    database.close();
  }

  /** Writes numbers and answers the next ones; the first group ends only when it may. */
  private List<Integer> write(Tx tx, List<Integer> numbers) {
    groups.add(List.copyOf(numbers));
    workers.add(Thread.currentThread());
    tx.execute(
        "insert into numbers select * from unnest(?::int8[])",
        (Object) numbers.stream().map(Integer::longValue).toArray(Long[]::new));
    if (numbers.contains(0)) {
      awaitEnd();
    }
    if (numbers.contains(UNAVAILABLE)) {
      throw new ApiException.RetryLater(ErrorCode.SERVICE_UNAVAILABLE, Duration.ofSeconds(1));
    }
    if (numbers.contains(INVALID)) {
      throw new ApiException.Invalid(ErrorCode.PARAMETER_INVALID, "number", "is not wanted");
    }
    assertThat(Origin.current()).isSameAs(Origin.SYSTEM);
    return numbers.stream().map(number -> number + 1).toList();
  }

  private void awaitEnd() {
    try {
      firstMayEnd.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private GroupWriter<Integer, Integer> writer(int queuedMax) {
    return new GroupWriter<>(
        database, this::write, new GroupWriter.Limits(1, queuedMax, 256, Duration.ZERO));
  }

  @Test
  void whoeverComesAgainAtOnceGoesWithTheOthers() throws Exception {
    GroupWriter<Integer, Integer> writer =
        new GroupWriter<>(
            database, this::write, new GroupWriter.Limits(1, 1_000, 256, Duration.ofSeconds(2)));
    firstMayEnd.countDown();
    List<Thread> threads = new ArrayList<>();
    for (int caller = 1; caller <= CALLERS; caller++) {
      int from = caller * 1_000;
      threads.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    for (int number = from; groups.size() < GROUPS; number++) {
                      writer.run("key", number);
                    }
                  }));
    }
    for (Thread thread : threads) {
      thread.join();
    }

    List<Integer> sizes = groups.stream().limit(GROUPS).map(List::size).toList();
    assertThat(sizes).contains(CALLERS);
    assertThat(sizes.subList(sizes.indexOf(CALLERS), GROUPS)).containsOnly(CALLERS);
  }

  @Test
  void whoeverComesAloneWaitsForNobody() {
    GroupWriter<Integer, Integer> writer =
        new GroupWriter<>(
            database, this::write, new GroupWriter.Limits(1, 1_000, 256, Duration.ofDays(1)));
    firstMayEnd.countDown();

    assertThat(writer.run("key", 1)).isEqualTo(2);
    assertThat(writer.run("key", 2)).isEqualTo(3);
    assertThat(groups).hasSize(2);
  }

  /** Asks on a thread of its own. */
  private static FutureTask<Got> ask(
      GroupWriter<Integer, Integer> writer, int number, List<Thread> threads) {
    FutureTask<Got> asked =
        new FutureTask<>(
            () -> {
              QueryCount count = new QueryCount();
              int result =
                  ScopedValue.where(QueryCount.CURRENT, count)
                      .call(() -> writer.run("key", number));
              return new Got(result, count.statements());
            });
    threads.add(Thread.ofPlatform().start(asked));
    return asked;
  }

  /** Has some numbers wait behind zero, and then lets zero go. */
  private List<FutureTask<Got>> together(List<Integer> numbers) throws Exception {
    GroupWriter<Integer, Integer> writer = writer(1_000);
    List<Thread> threads = new ArrayList<>();
    List<FutureTask<Got>> asked = new ArrayList<>(List.of(ask(writer, 0, threads)));
    Waiting.until("the first is written", () -> !groups.isEmpty());
    for (int number : numbers) {
      asked.add(ask(writer, number, threads));
      Waiting.until("it waits", () -> threads.getLast().getState() == Thread.State.WAITING);
    }
    firstMayEnd.countDown();
    for (Thread thread : threads) {
      thread.join();
    }
    return asked;
  }

  private List<Long> stored() {
    return database.read(
        tx -> tx.list("select number from numbers order by number", row -> row.bigint("number")));
  }

  private static List<Integer> upTo(int last) {
    return java.util.stream.IntStream.rangeClosed(1, last).boxed().toList();
  }

  @Test
  void whoComesAloneIsServedOnItsOwnThread() {
    assertThat(writer(10).run("key", 7)).isEqualTo(8);
    assertThat(workers).containsExactly(Thread.currentThread());
    assertThat(stored()).containsExactly(7L);
  }

  @Test
  void whatComesMeanwhileGoesIntoOneTransactionInItsOrder() throws Exception {
    List<FutureTask<Got>> asked = together(upTo(MANY));
    assertThat(groups).containsExactly(List.of(0), upTo(MANY));
    for (int i = 0; i <= MANY; i++) {
      assertThat(asked.get(i).get()).isEqualTo(new Got(i + 1, 1));
    }
    assertThat(stored()).hasSize(MANY + 1);
    List<String> transactions =
        database.read(
            tx -> tx.list("select distinct xmin::text as x from numbers", row -> row.text("x")));
    assertThat(transactions).hasSize(2);
  }

  @Test
  void oneThatPostgresRefusesCostsTheOthersNothing() throws Exception {
    List<FutureTask<Got>> asked = together(List.of(1, 2, 2, 3));
    assertThat(asked.get(1).get().result()).isEqualTo(2);
    assertThat(asked.get(2).get().result()).isEqualTo(3);
    assertThatThrownBy(() -> asked.get(3).get()).hasCauseInstanceOf(DatabaseException.class);
    assertThat(asked.get(4).get().result()).isEqualTo(4);
    assertThat(stored()).containsExactly(0L, 1L, 2L, 3L);
  }

  @Test
  void oneThatTheGroupRefusesCostsTheOthersNothing() throws Exception {
    List<FutureTask<Got>> asked = together(List.of(1, INVALID, 2));
    assertThatThrownBy(() -> asked.get(2).get()).hasCauseInstanceOf(ApiException.Invalid.class);
    assertThat(stored()).containsExactly(0L, 1L, 2L);
  }

  @Test
  void nobodyTriesAgainWhatMayHaveBeenDone() throws Exception {
    List<FutureTask<Got>> asked = together(List.of(1, UNAVAILABLE, 2));
    assertThat(groups).containsExactly(List.of(0), List.of(1, UNAVAILABLE, 2));
    for (FutureTask<Got> one : asked.subList(1, 4)) {
      assertThatThrownBy(one::get)
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(ApiException.RetryLater.class);
    }
    assertThat(stored()).containsExactly(0L);
  }

  @Test
  void moreThanMayWaitAreRefused() throws Exception {
    GroupWriter<Integer, Integer> writer = writer(1);
    List<Thread> threads = new ArrayList<>();
    FutureTask<Got> first = ask(writer, 0, threads);
    Waiting.until("the first is written", () -> !groups.isEmpty());
    FutureTask<Got> second = ask(writer, 1, threads);
    Waiting.until("it waits", () -> threads.getLast().getState() == Thread.State.WAITING);
    assertThatThrownBy(() -> writer.run("key", 2)).isInstanceOf(ApiException.RetryLater.class);
    firstMayEnd.countDown();
    assertThat(first.get().result()).isEqualTo(1);
    assertThat(second.get().result()).isEqualTo(2);
  }
}
