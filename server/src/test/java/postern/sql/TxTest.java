package postern.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import postern.core.QueryCount;
import postern.testing.TestPostgres;

/**
 * Transactions whose statements wait for the commit and go with it, on one connection: what one
 * leaves behind, the next one meets.
 */
class TxTest {
  private static final String INSERT = "insert into numbers values (?)";

  private final Database database =
      Database.open(
          TestPostgres.freshDatabase(),
          new Database.Settings(1, Duration.ofSeconds(10), Duration.ofSeconds(10)),
          InstantSource.system());

  @BeforeEach
  void create() {
    database.write(tx -> tx.execute("create table numbers (number int primary key)"));
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void commitsWhatHasOnlyWaited() {
    QueryCount count = new QueryCount();
    ScopedValue.where(QueryCount.CURRENT, count).run(() -> insertLater(1, 2));
    assertThat(count.statements()).isEqualTo(2);
    assertThat(sum()).isEqualTo(3);
    assertThat(openTransactions()).isZero();
  }

  @Test
  void undoesAllOfWhatHasOnlyWaitedWhereOneIsRefused() {
    assertThatThrownBy(() -> insertLater(1, 2, 1)).isInstanceOf(DatabaseException.class);
    assertThat(sum()).isZero();
    insertLater(5);
    assertThat(sum()).isEqualTo(5);
  }

  @Test
  void goesOnAfterAStatementThatCouldNotWait() {
    database.write(
        tx -> {
          tx.executeLater(INSERT, 1);
          assertThat(sum(tx)).isEqualTo(1);
          tx.executeLater(INSERT, 2);
          return tx.execute("update numbers set number = number + 10");
        });
    assertThat(sum()).isEqualTo(23);
    assertThatThrownBy(
            () ->
                database.write(
                    tx -> {
                      assertThat(sum(tx)).isEqualTo(23);
                      tx.executeLater(INSERT, 1);
                      tx.executeLater(INSERT, 1);
                      return true;
                    }))
        .isInstanceOf(DatabaseException.class);
    assertThat(sum()).isEqualTo(23);
  }

  @Test
  void undoesWhatWaitsWhereTheWorkFails() {
    assertThatThrownBy(
            () ->
                database.write(
                    tx -> {
                      tx.executeLater(INSERT, 1);
                      throw new IllegalArgumentException("changed its mind");
                    }))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(sum()).isZero();
  }

  @Test
  void sendsNothingWhereThereIsNothing() {
    QueryCount count = new QueryCount();
    ScopedValue.where(QueryCount.CURRENT, count).run(() -> database.write(tx -> true));
    assertThat(count.statements()).isZero();
    assertThat(openTransactions()).isZero();
  }

  @Test
  void leavesNothingBehindWhereTheCommitOfAUnitIsRefused() {
    UnitOfWork unit = database.unitOfWork(Optional.empty(), (tx, progress) -> {});
    assertThatThrownBy(
            () ->
                unit.commit(
                    tx -> {
                      tx.executeLater(INSERT, 1);
                      tx.executeLater(INSERT, 1);
                    }))
        .isInstanceOf(DatabaseException.class);
    unit.rollback();
    assertThat(sum()).isZero();
    insertLater(7);
    assertThat(sum()).isEqualTo(7);
  }

  @Test
  void saysOfARefusalWhatItWas() {
    insertLater(1);
    assertThatThrownBy(() -> insertLater(1))
        .isInstanceOfSatisfying(DatabaseException.class, e -> assertThat(e.isDuplicate()).isTrue());
  }

  private void insertLater(int... numbers) {
    database.write(
        tx -> {
          for (int number : numbers) {
            tx.executeLater(INSERT, number);
          }
          return true;
        });
  }

  private int sum() {
    return database.read(TxTest::sum);
  }

  private static int sum(Tx tx) {
    return tx.one(
            "select coalesce(sum(number), 0)::int as sum from numbers", row -> row.integer("sum"))
        .orElseThrow();
  }

  private int openTransactions() {
    return database.read(
        tx ->
            tx.one(
                    """
                    select count(*)::int as open from pg_stat_activity
                    where state like 'idle in transaction%' and datname = current_database()
                    """,
                    row -> row.integer("open"))
                .orElseThrow());
  }
}
