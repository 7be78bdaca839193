package postern.billing.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import postern.main.TestClient.Reply;
import postern.main.TestServer.Account;

/** {@code GET /v2/ledger} and the statements. */
class LedgerTest extends MoneyTest {
  private static String next(Reply page) {
    String link = page.header("Link");
    return link.substring(1, link.indexOf('>'));
  }

  @Test
  void isWalkedBothWaysWithARunningBalance() {
    Account parent = withMoney(10);
    for (int i = 0; i < 5; i++) {
      charge(parent, "1");
    }
    List<String> balances = new ArrayList<>();
    Reply page = as(parent).get("/v2/ledger?page_size=3");
    balances.addAll(each(page, "ledger", "balance"));
    while (page.text("has_more").equals("true")) {
      page = as(parent).get(next(page));
      balances.addAll(each(page, "ledger", "balance"));
    }
    assertThat(balances)
        .containsExactly(
            "5.00000", "6.00000", "7.00000", "8.00000", "9.00000", "10.00000", "10.30000");
    String first = page.text("ledger.0.id");
    Reply up = as(parent).get("/v2/ledger?page_size=2&after_id=" + first);
    assertThat(each(up, "ledger", "seq")).isEqualTo(List.of("2", "3").subList(0, 2));
  }

  @Test
  void isFiltered() {
    Account parent = withMoney(10);
    Account child = child(parent);
    charge(child, "1");
    charge(parent, "2");
    Reply ofChild = as(parent).get("/v2/ledger?user_id=" + child.id());
    assertThat(each(ofChild, "ledger", "amount")).containsExactly("-1.00000");
    Reply payments = as(parent).get("/v2/ledger?kind=payment");
    assertThat(each(payments, "ledger", "amount")).containsExactly("10.30000");
    Reply none = as(parent).get("/v2/ledger?end_datetime=2000-01-01");
    assertThat(none.list("ledger")).isEmpty();
  }

  @Test
  void showsAChildWhatItHasSpentItself() {
    Account parent = withMoney(10);
    Account child = child(parent);
    charge(child, "1");
    charge(parent, "2");
    Reply seen = as(child).get("/v2/ledger");
    assertThat(each(seen, "ledger", "amount")).containsExactly("-1.00000");
    assertThat(as(child).get("/v2/ledger?user_id=" + parent.id()).list("ledger")).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "after_id=txn_1",
        "before_id=txn_01a207d82aa97006a6665fd1cc25fc91",
        "user_id=me",
        "kind=gift",
        "start_datetime=yesterday",
        "page_size=0"
      })
  void refuses(String query) {
    Reply refused = as(withMoney(0)).get("/v2/ledger?" + query);
    assertThat(refused.status()).isEqualTo(422);
    assertThat(fieldsIn(refused)).containsExactly(query.substring(0, query.indexOf('=')));
  }

  @Nested
  class Statements {
    @Test
    void holdAMonth() {
      Account parent = withMoney(10);
      charge(parent, "4", "=1+1");
      String month = server().time().instant().toString().substring(0, 7);
      String path = "/v2/users/" + parent.id() + "/statement?month=";
      Reply statement = as(parent).get(path + month);
      assertThat(statement.status()).as(statement.body()).isEqualTo(200);
      assertThat(members(statement, ""))
          .containsExactly(
              "object",
              "user_id",
              "month",
              "opening_balance",
              "closing_balance",
              "totals",
              "entries");
      assertThat(statement.text("opening_balance")).isEqualTo("0.00000");
      assertThat(statement.text("closing_balance")).isEqualTo("6.00000");
      assertThat(statement.text("totals.charge")).isEqualTo("-4.00000");
      assertThat(statement.text("totals.card_fee")).isEqualTo("-0.30000");
      assertThat(each(statement, "entries", "kind"))
          .containsExactly("payment", "card_fee", "charge");
      Reply before = as(parent).get(path + "2001-02");
      assertThat(before.list("entries")).isEmpty();
      assertThat(before.text("closing_balance")).isEqualTo("0.00000");
    }

    @Test
    void areCsvForThoseWhoAsk() {
      Account parent = withMoney(10);
      charge(parent, "4", "=1+1");
      String month = server().time().instant().toString().substring(0, 7);
      Reply csv =
          as(parent)
              .send(
                  "GET",
                  "/v2/users/" + parent.id() + "/statement?month=" + month,
                  null,
                  null,
                  Map.of("Accept", "text/csv"));
      assertThat(csv.header("Content-Type")).startsWith("text/csv");
      List<String> lines = csv.body().lines().toList();
      assertThat(lines).hasSize(4);
      assertThat(lines.getFirst()).startsWith("seq,created_at,id,kind,user_id,amount,balance");
      // An amount stays a number; a reference that a spreadsheet would compute does not.
      assertThat(lines.getLast()).contains(",-4.00000,6.00000,").endsWith(",'=1+1");
    }

    @Test
    void ofAChildAreForItAndItsParent() {
      Account parent = withMoney(10);
      Account child = child(parent);
      charge(child, "4");
      charge(parent, "1");
      String month = server().time().instant().toString().substring(0, 7);
      String path = "/v2/users/" + child.id() + "/statement?month=" + month;
      for (Account reader : List.of(parent, child)) {
        Reply statement = as(reader).get(path);
        assertThat(statement.text("totals.charge")).isEqualTo("-4.00000");
        assertThat(statement.text("opening_balance")).isEqualTo("null");
      }
      as(parent).delete("/v2/users/" + child.id());
      assertThat(as(parent).get(path).text("totals.charge")).isEqualTo("-4.00000");
      assertRefused(as(server().account()).get(path), 404, "NOT_FOUND");
      assertRefused(
          as(parent).get(path.replace("month=", "month=x")), 422, "PARAMETER.INVALID_TYPE");
      assertRefused(
          as(parent).get("/v2/users/" + child.id() + "/statement"), 422, "PARAMETER.REQUIRED");
    }
  }
}
