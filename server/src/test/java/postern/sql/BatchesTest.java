package postern.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import postern.core.QueryCount;
import postern.testing.TestPostgres;
import postern.testing.Waiting;

class BatchesTest {
  private final Database database =
      Database.open(
          TestPostgres.freshDatabase(),
          new Database.Settings(2, Duration.ofSeconds(10), Duration.ofSeconds(10)),
          InstantSource.system());
  private final Batches batches = new Batches(database);
  private final AtomicInteger reads = new AtomicInteger();

  @BeforeEach
  void create() {
    database.write(tx -> tx.execute("create table numbers (number int primary key)"));
  }

  @AfterEach
  void close() {
    database.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, Batches.ROWS - 1, Batches.ROWS, Batches.ROWS + 1, 3 * Batches.ROWS})
  void goesThroughAllRowsInOrderAndReadsNoBatchInVain(int rows) {
    database.write(tx -> fill(tx, rows));
    QueryCount count = new QueryCount();
    List<Integer> found = new ArrayList<>();
    ScopedValue.where(QueryCount.CURRENT, count)
        .run(() -> batches.forEach(this::numbers, found::addAll));
    assertThat(found).isEqualTo(IntStream.range(0, rows).boxed().toList());
    int batchesOfRows = Math.max(1, Math.ceilDiv(rows, Batches.ROWS));
    assertThat(reads).hasValue(batchesOfRows);
    assertThat(count.statements()).isEqualTo(batchesOfRows);
  }

  @Test
  void readsTheNextBatchAndNoFurtherWhileOneIsInUse() {
    database.write(tx -> fill(tx, 4 * Batches.ROWS));
    CountDownLatch second = new CountDownLatch(2);
    List<Integer> readsAtEnd = new ArrayList<>();
    batches.<Integer>forEach(
        (tx, after, limit) -> {
          List<Integer> rows = numbers(tx, after, limit);
          second.countDown();
          return rows;
        },
        batch -> {
          Waiting.on(second);
          readsAtEnd.add(reads.get());
        });
    assertThat(readsAtEnd.getFirst()).isEqualTo(2);
    assertThat(readsAtEnd.getLast()).isEqualTo(4);
  }

  @Test
  void holdsNoConnectionWhileABatchIsInUse() {
    database.write(tx -> fill(tx, 2 * Batches.ROWS));
    batches.forEach(
        this::numbers,
        batch -> {
          // Both of the pool's connections at once: neither is kept from us for good.
          int sum =
              database.read(
                  outer ->
                      database.read(inner -> sum(outer).orElseThrow() + sum(inner).orElseThrow()));
          assertThat(sum).isEqualTo(2 * IntStream.range(0, 2 * Batches.ROWS).sum());
        });
  }

  @Test
  void endsWithTheErrorOfTheUseAfterTheReadBesideIt() {
    database.write(tx -> fill(tx, 3 * Batches.ROWS));
    assertThatThrownBy(
            () ->
                batches.forEach(
                    this::numbers,
                    batch -> {
                      throw new IllegalArgumentException("the reader has gone");
                    }))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the reader has gone");
    assertThat(reads).hasValue(2);
  }

  @Test
  void endsWithTheErrorOfALaterRead() {
    database.write(tx -> fill(tx, 2 * Batches.ROWS));
    List<Integer> found = new ArrayList<>();
    assertThatThrownBy(
            () ->
                batches.<Integer>forEach(
                    (tx, after, limit) ->
                        after.isPresent()
                            ? tx.list("select number / 0 as number from numbers", this::number)
                            : numbers(tx, after, limit),
                    found::addAll))
        .isInstanceOf(DatabaseException.class);
    assertThat(found).hasSize(Batches.ROWS);
  }

  /** One result in another: each has a batch ahead, until no more may, and goes on without. */
  @Test
  void isRightHoweverManyResultsAreReadAtOnce() {
    database.write(tx -> fill(tx, Batches.ROWS + 1));
    assertThat(depthsFinished(0)).isEqualTo(12);
  }

  private int depthsFinished(int depth) {
    if (depth == 12) {
      return depth;
    }
    List<Integer> found = new ArrayList<>();
    List<Integer> deepest = new ArrayList<>();
    batches.forEach(
        this::numbers,
        batch -> {
          found.addAll(batch);
          if (deepest.isEmpty()) {
            deepest.add(depthsFinished(depth + 1));
          }
        });
    assertThat(found).hasSize(Batches.ROWS + 1);
    return deepest.getFirst();
  }

  @Test
  void seesWhatItsOwnUnitOfWorkHasWritten() {
    UnitOfWork unit = database.unitOfWork(Optional.empty(), (tx, progress) -> {});
    List<Integer> found = new ArrayList<>();
    unit.run(
        () -> {
          database.write(tx -> fill(tx, 2 * Batches.ROWS));
          batches.forEach(this::numbers, found::addAll);
          return true;
        });
    unit.rollback();
    assertThat(found).hasSize(2 * Batches.ROWS);
    assertThat(database.<Integer>read(tx -> numbers(tx, Optional.empty(), 1).size())).isZero();
  }

  private List<Integer> numbers(Tx tx, Optional<Integer> after, int limit) {
    reads.incrementAndGet();
    return tx.list(
        "select number from numbers where number > ? order by number limit ?",
        this::number,
        after.orElse(-1),
        limit);
  }

  private Integer number(Row row) {
    return row.integer("number");
  }

  private Optional<Integer> sum(Tx tx) {
    return tx.one("select sum(number)::int as number from numbers", this::number);
  }

  private static int fill(Tx tx, int rows) {
    return tx.execute("insert into numbers select generate_series(0, ? - 1)", rows);
  }
}
