package postern.main;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import postern.main.TestServer.Account;
import postern.sql.Migrations;
import postern.sql.PostgresAddress;
import postern.sql.PostgresStartException;
import postern.testing.PgBouncer;
import postern.testing.Waiting;

/** A node whose connections go through a PgBouncer. */
@Tag("pgbouncer")
class PoolerTest extends RouteTest {
  private static final String UNNAMED = "?prepareThreshold=0";
  private static final int ROUNDS = 3;

  private final Account parent = server().account();
  private final Account child = child(parent);

  private void disableAndAwaitDeadOn(TestServer other) throws Exception {
    String path = "/v2/api_keys/" + keyId(child, "production");
    for (int round = 0; round < ROUNDS; round++) {
      Waiting.until("the key works there", () -> statusOn(other) == 200);
      as(parent).post(path + "/disable", null);
      Waiting.until("the key is dead there", () -> statusOn(other) == 403);
      as(parent).post(path + "/enable", null);
    }
  }

  private int statusOn(TestServer other) {
    return other.as(child.productionKey()).get("/v2/users").status();
  }

  @Test
  void inTransactionModeUsesNoCacheAndRevokesAtOnce() throws Exception {
    try (PgBouncer pooler = new PgBouncer(server().database(), "pool_mode = transaction")) {
      PostgresAddress address = pooler.address(UNNAMED);
      assertThat(Migrations.apply(address, text -> {})).isZero();
      try (TestServer other = server().secondNodeAt(address)) {
        disableAndAwaitDeadOn(other);
        assertThat(other.hearsAnnouncements()).isFalse();
      }
    }
  }

  @Test
  void inSessionModeWithNothingElseSetHearsAnnouncements() throws Exception {
    try (PgBouncer pooler = new PgBouncer(server().database(), "pool_mode = session")) {
      PostgresAddress address = pooler.address("");
      assertThat(Migrations.apply(address, text -> {})).isZero();
      try (TestServer other = server().secondNodeAt(address)) {
        Waiting.until("it hears its heartbeat", other::hearsAnnouncements);
        disableAndAwaitDeadOn(other);
      }
    }
  }

  @Test
  void inTransactionModeWithNamedStatementsIsRefusedAtTheStart() throws Exception {
    try (PgBouncer pooler = new PgBouncer(server().database(), "pool_mode = transaction")) {
      PostgresAddress address = pooler.address("");
      assertThatThrownBy(() -> Migrations.apply(address, text -> {}))
          .isInstanceOf(PostgresStartException.class)
          .hasMessageContaining("session mode, or add prepareThreshold=0 to storage.url");
    }
  }

  @Test
  void inStatementModeIsRefusedAtTheStart() throws Exception {
    try (PgBouncer pooler = new PgBouncer(server().database(), "pool_mode = statement")) {
      PostgresAddress address = pooler.address(UNNAMED);
      assertThatThrownBy(() -> Migrations.apply(address, text -> {}))
          .isInstanceOf(PostgresStartException.class)
          .hasMessageContaining("transaction");
    }
  }
}
