package postern.billing.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import postern.billing.LedgerCheck;
import postern.main.TestClient;
import postern.main.TestServer;
import postern.main.TestServer.Account;
import postern.testing.TestPostgres;

/** What somebody with the database in his hands has done to a ledger is found. */
@Tag("storage")
class LedgerCheckTest {
  private static @Nullable TestServer running;

  @BeforeAll
  static void start() {
    running = TestServer.start();
  }

  @AfterAll
  static void stop() {
    server().close();
  }

  private static TestServer server() {
    return java.util.Objects.requireNonNull(running);
  }

  private static Account withThreeCharges() {
    Account account = server().account();
    TestClient client = server().as(account.productionKey());
    client.post("/v2/credit_cards", "{\"credit_card\":{\"payment_method_id\":\"pm_card_visa\"}}");
    for (int i = 0; i < 3; i++) {
      assertThat(client.post("/v2/charges", "{\"charge\":{\"amount\":\"1\"}}").status())
          .isEqualTo(201);
    }
    return account;
  }

  private static void tamper(String... statements) throws SQLException {
    try (Connection connection = TestPostgres.connect(server().database());
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  @Test
  void theLedgerIsAppendOnly() {
    withThreeCharges();
    assertThatThrownBy(() -> tamper("update ledger_entries set amount_micros = 1"))
        .hasMessageContaining("append-only");
    assertThatThrownBy(() -> tamper("delete from ledger_entries"))
        .hasMessageContaining("append-only");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          a balance     | update wallets set balance_micros = balance_micros + 10 where %s              | the sum of the entries
          an amount     | update ledger_entries set amount_micros = 2 where seq = 4 and %s              | the sum of the entries
          a balance of an entry | update ledger_entries set balance_micros = 7 where seq = 3 and %s     | do not follow
          a missing one | delete from ledger_entries where seq = 4 and %s                               | missing or too many
          the last one  | delete from ledger_entries where seq = 5 and %s                               | missing or too many
          spent by day  | update daily_spend set spent_micros = 1 where %s                              | spent by day
          a payment     | update payments set amount_micros = amount_micros + 10000 where %s            | settled payment
          a refund      | update payments set refunded_micros = 10000 where %s                          | sum of its refunds
          """)
  void findsWhatWasChanged(String what, String statement, String found) throws SQLException {
    Account account = withThreeCharges();
    String root = account.id().substring("user_".length());
    assertThat(server().checkAllLedgers().flaws()).isEmpty();
    tamper(
        "alter table ledger_entries disable trigger ledger_entries_stay",
        statement.formatted("root_id = '" + root + "'"),
        "alter table ledger_entries enable trigger ledger_entries_stay");
    assertThat(server().checkAllLedgers().flaws())
        .extracting(LedgerCheck.Flaw::what)
        .anyMatch(flaw -> flaw.contains(found));
    tamper(
        "alter table ledger_entries disable trigger ledger_entries_stay",
        "delete from ledger_entries where root_id = '" + root + "'",
        "delete from daily_spend where root_id = '" + root + "'",
        "delete from payments where root_id = '" + root + "'",
        "delete from wallets where root_id = '" + root + "'",
        "alter table ledger_entries enable trigger ledger_entries_stay");
    assertThat(server().checkAllLedgers().flaws()).isEmpty();
  }

  @Test
  void theJobLooksOnlyAtWhatIsNew() {
    withThreeCharges();
    assertThat(server().checkLedgers()).isEmpty();
    assertThat(server().checkAllLedgers().entries()).isGreaterThanOrEqualTo(5);
  }
}
