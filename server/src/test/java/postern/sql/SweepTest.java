package postern.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.InstantSource;
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
    assertThat(search(10, false)).isZero();
    later(999);
    assertThat(search(20, false)).isZero();
    later(1);
    assertThat(search(30, false)).isZero();
  }

  @Test
  void beginsBehindWhatIsSettled() {
    search(10, false);
    search(20, false);
    later(1_000);
    search(30, false);
    assertThat(search(40, false)).as("20 was found a moment ago").isZero();
    assertThat(firstSettled()).isEqualTo(20);
    later(1_000);
    assertThat(search(50, false)).as("once a second everything").isZero();
  }

  @Test
  void waitsForTransactionsThatCanStillCommitARowBefore() {
    search(10, false);
    database.write(
        slow -> {
          assertThat(slow.one("select pg_current_xact_id()", row -> true)).isPresent();
          for (int second = 0; second < 4; second++) {
            later(1_000);
            assertThat(search(20, false)).isZero();
            assertThat(search(20, false)).isZero();
          }
          return true;
        });
    assertThat(firstSettled()).isEqualTo(10);
  }

  @Test
  void goesOnInABacklogWhereItWas() {
    assertThat(search(1_000, true)).isZero();
    later(5_000);
    assertThat(search(1_000, false)).isEqualTo(1_000);
    assertThat(search(1_400, false)).as("what came behind meanwhile").isZero();
  }

  /** Other tests write on the same PostgreSQL, and their transactions are waited for as well. */
  private long firstSettled() {
    long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    long behind = 0;
    while (behind == 0 && System.nanoTime() < deadline) {
      later(1_000);
      search(100, false);
      behind = search(100, false);
    }
    return behind;
  }

  /** A search as its users make it; where it began. */
  private long search(long last, boolean more) {
    return database.<Long>write(
        tx -> {
          long behind = sweep.behind(tx);
          tx.afterCommit(() -> sweep.found(last, more));
          return behind;
        });
  }

  private void later(long milliseconds) {
    now += Duration.ofMillis(milliseconds).toNanos();
  }
}
