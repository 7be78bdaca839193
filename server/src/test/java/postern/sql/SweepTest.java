package postern.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import postern.testing.TestPostgres;

/** Searches begin where little is to be walked over, and once a second where nothing is missed. */
@Tag("storage")
class SweepTest {
  private static Database database;

  private long now = 7;
  private final Sweep sweep = new Sweep(() -> now);

  @BeforeAll
  static void open() throws Exception {
    database =
        Database.open(
            TestPostgres.freshDatabase(),
            new Database.Settings(4, Duration.ofSeconds(10), Duration.ofSeconds(10)),
            InstantSource.system());
  }

  @AfterAll
  static void close() {
    database.close();
  }

  @Test
  void findsEverythingAtFirstAndOnceASecond() {
    assertThat(search(10)).isZero();
    later(999);
    assertThat(search(20)).isZero();
    later(1);
    assertThat(search(30)).isZero();
  }

  @Test
  void beginsBehindWhatIsSettled() {
    search(10);
    search(20);
    later(1_000);
    search(30);
    assertThat(search(40)).as("20 was found a moment ago").isZero();
    assertThat(firstSettled()).isEqualTo(20);
    later(1_000);
    assertThat(search(50)).as("once a second everything").isZero();
  }

  @Test
  void waitsForTransactionsThatCanStillCommitARowBefore() {
    search(10);
    database.write(
        slow -> {
          assertThat(slow.one("select pg_current_xact_id()", row -> true)).isPresent();
          for (int second = 0; second < 4; second++) {
            later(1_000);
            assertThat(search(20)).isZero();
            assertThat(search(20)).isZero();
          }
          return true;
        });
    assertThat(firstSettled()).isEqualTo(10);
  }

  @Test
  void goesOnInABacklogWhereItWas() {
    assertThat(search(List.of(3L, 5L, 8L, 9L), 2)).containsExactly(0L, 5L, 9L);
    later(5_000);
    assertThat(search(10)).as("what came behind meanwhile").isZero();
  }

  @Test
  void searchesAgainWhereItWasNotCommitted() {
    search(10);
    later(1_000);
    assertThatThrownBy(
            () ->
                sweep.run(
                    database,
                    2,
                    (tx, behind) -> {
                      throw new IllegalStateException("no commit");
                    },
                    Long::longValue))
        .hasMessage("no commit");
    assertThat(search(20)).as("still due").isZero();
  }

  /** Other tests write on the same PostgreSQL, and their transactions are waited for as well. */
  private long firstSettled() {
    long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    long behind = 0;
    while (behind == 0 && System.nanoTime() < deadline) {
      later(1_000);
      search(100);
      behind = search(100);
    }
    return behind;
  }

  /** A search that finds one row; where it began. */
  private long search(long row) {
    return search(List.of(row), 2).getFirst();
  }

  /** Searches until less is found than a batch holds; where each began. */
  private List<Long> search(List<Long> rows, int size) {
    List<Long> beginnings = new ArrayList<>();
    sweep.run(
        database,
        size,
        (tx, behind) -> {
          beginnings.add(behind);
          return rows.stream().filter(row -> row > behind).limit(size).toList();
        },
        Long::longValue);
    return beginnings;
  }

  private void later(long milliseconds) {
    now += Duration.ofMillis(milliseconds).toNanos();
  }
}
