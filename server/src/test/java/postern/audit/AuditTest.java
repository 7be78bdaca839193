package postern.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import postern.core.UserId;
import postern.main.RouteTest;
import postern.main.TestClient.Reply;
import postern.main.TestServer;
import postern.main.TestServer.Account;
import postern.testing.TestPostgres;
import postern.testing.Waiting;

/** The audit log: what is in it, who sees it, and whether it can be altered unseen. */
class AuditTest extends RouteTest {
  private final Account parent = server().account();

  private Reply log(String query) {
    server().chainAudit();
    return as(parent).get("/v2/audit_log" + query);
  }

  private List<String> actions(String query) {
    return each(log(query), "audit_log", "action");
  }

  private Reply csv(String accept) {
    server().chainAudit();
    return as(parent).send("GET", "/v2/audit_log", null, null, Map.of("Accept", accept));
  }

  @Nested
  class Holds {
    @Test
    void oneRowForEachChangeWithWhoAndWhatAndFromWhere() {
      Account child = child(parent);
      server().time().advance(Duration.ofMillis(1));
      Reply changed =
          as(parent)
              .send(
                  "PATCH",
                  "/v2/users/" + child.id(),
                  "application/json",
                  "{\"name\":\"Renamed\"}",
                  Map.of("User-Agent", "Tester/1"));
      Reply log = log("?page_size=1");
      assertThat(log.text("audit_log.0.action")).isEqualTo("user.updated");
      assertThat(log.text("audit_log.0.outcome")).isEqualTo("ok");
      assertThat(log.text("audit_log.0.actor.kind")).isEqualTo("key");
      assertThat(log.text("audit_log.0.actor.id")).startsWith("ak_");
      assertThat(log.text("audit_log.0.on_behalf_of.id")).isEqualTo(parent.id());
      assertThat(log.text("audit_log.0.on_behalf_of.name")).startsWith("Parent ");
      assertThat(log.text("audit_log.0.target.id")).isEqualTo(child.id());
      assertThat(log.text("audit_log.0.target.name")).isEqualTo("Renamed");
      assertThat(log.text("audit_log.0.before.name")).isEqualTo("A child");
      assertThat(log.text("audit_log.0.after.name")).isEqualTo("Renamed");
      assertThat(log.text("audit_log.0.address")).isEqualTo("127.0.0.1");
      assertThat(log.text("audit_log.0.client")).isEqualTo("Tester/1");
      assertThat(log.text("audit_log.0.request_id")).isEqualTo(changed.header("X-Ep-Request-Uuid"));
    }

    @Test
    void everyKindOfChangeOnce() {
      Account child = child(parent);
      String of = "/v2/users/" + child.id();
      String key = as(parent).post(of + "/api_keys", "{\"mode\":\"test\"}").text("id");
      as(parent).post("/v2/api_keys/" + key + "/disable", null);
      as(parent).post("/v2/api_keys/" + key + "/enable", null);
      as(parent).delete("/v2/api_keys/" + key);
      as(parent).put(of + "/brand", "{\"color\":\"#123456\"}");
      String hook = as(parent).post("/v2/webhooks", "{\"url\":\"http://127.0.0.1:9/\"}").text("id");
      as(parent).patch("/v2/webhooks/" + hook, "{\"webhook_secret\":\"very hush\"}");
      as(parent).delete("/v2/webhooks/" + hook);
      as(parent).delete(of);
      as(parent).post(of + "/restore", null);
      assertThat(actions("?page_size=100"))
          .containsExactlyInAnyOrder(
              "user.created",
              "api_key.created",
              "api_key.created",
              "user.created",
              "api_key.created",
              "api_key.created",
              "api_key.created",
              "api_key.disabled",
              "api_key.enabled",
              "api_key.deleted",
              "brand.updated",
              "webhook.created",
              "webhook.updated",
              "webhook.deleted",
              "user.deleted",
              "user.restored");
      assertThat(log("?page_size=100").body())
          .doesNotContain("very hush")
          .doesNotContain(child.productionKey())
          .doesNotContain(parent.productionKey());
    }

    /** A refusal is noted after its answer, perhaps when the caller has read that. */
    private static void awaitRefusals(Callable<Boolean> areThere) throws Exception {
      Waiting.until(
          "the refusals are written",
          () -> {
            server().flushRefusals();
            return areThere.call();
          });
    }

    @Test
    void refusalsOfKnownKeys() throws Exception {
      Account child = child(parent);
      server().as(parent.testKey()).get("/v2/users");
      as(child).post("/v2/users", "{}");
      as(child).delete("/v2/users/" + child.id());
      String query = "?page_size=100&action=GET%20/v2/users";
      awaitRefusals(() -> log(query).list("audit_log").size() == 1);
      Reply refused = log(query);
      assertThat(refused.text("audit_log.0.error_code")).isEqualTo("MODE.UNAUTHORIZED");
      assertThat(refused.text("audit_log.0.outcome")).isEqualTo("refused");
      assertThat(refused.text("audit_log.0.on_behalf_of.name")).startsWith("Parent ");
      assertThat(refused.text("audit_log.0.seq")).isEqualTo("null");
      assertThat(refused.body()).doesNotContain(parent.testKey());
      awaitRefusals(() -> actions("?actor=" + child.id()).size() == 2);
      assertThat(actions("?actor=" + child.id()))
          .containsExactlyInAnyOrder("POST /v2/users", "DELETE /v2/users/{id}");
      assertThat(actions("?object=" + child.id())).containsExactly("user.created");
    }

    @Test
    void ofStrangersNothingThatAFamilySees() throws Exception {
      Reply made = as(parent).post("/v2/api_keys", "{\"mode\":\"production\"}");
      as(parent).delete("/v2/api_keys/" + made.text("id"));
      String forged = parent.productionKey().substring(0, 36) + "0".repeat(22);
      server().as(null).get("/v2/users");
      for (String key : List.of("not-a-real-key", made.text("key"), forged)) {
        assertRefused(server().as(key).get("/v2/users"), 403, "APIKEY.INACTIVE");
      }
      awaitRefusals(
          () -> rows("refusals", "root_id = '00000000-0000-0000-0000-000000000000'").size() >= 4);
      assertThat(actions("?page_size=100")).doesNotContain("GET /v2/users");
    }

    @Test
    void theNamesOfThoseWhoAreGone() {
      Account child = child(parent);
      as(parent).delete("/v2/users/" + child.id());
      server().time().advance(Duration.ofDays(30));
      server().purge();
      Reply log = log("?action=user.deleted");
      assertThat(log.text("audit_log.0.target.name")).isEqualTo("A child");
    }

    @Test
    void nothingOfWhatWasRefusedByItsContent() {
      int before = actions("?page_size=100").size();
      as(parent).patch("/v2/users", "{\"email\":\"no address\"}");
      assertThat(actions("?page_size=100")).hasSize(before);
    }
  }

  @Nested
  class Answers {
    @Test
    void pageByPage() {
      child(parent);
      server().time().advance(Duration.ofMillis(1));
      child(parent);
      List<String> all = each(log("?page_size=100"), "audit_log", "id");
      List<String> walked = new ArrayList<>();
      Reply page = log("?page_size=2");
      while (true) {
        walked.addAll(each(page, "audit_log", "id"));
        if (page.text("has_more").equals("false")) {
          break;
        }
        String link = page.header("Link");
        page = as(parent).get(link.substring(1, link.indexOf('>')));
      }
      assertThat(walked).isEqualTo(all).hasSize(9);
    }

    @Test
    void cutByObjectActionAndTime() {
      Account child = child(parent);
      server().time().advance(Duration.ofMillis(1));
      String then = server().time().instant().toString();
      as(parent).patch("/v2/users/" + child.id(), "{\"name\":\"B\"}");
      assertThat(actions("?object=" + child.id())).containsExactly("user.updated", "user.created");
      assertThat(actions("?action=user.updated")).hasSize(1);
      assertThat(actions("?start_datetime=" + then)).containsExactly("user.updated");
      assertThat(actions("?page_size=100&end_datetime=" + then)).doesNotContain("user.updated");
    }

    @Test
    void asCsvThatASpreadsheetDoesNotRun() {
      Account child = child(parent);
      as(parent).patch("/v2/users/" + child.id(), "{\"name\":\"=1+1,\\\"x\\\"\"}");
      Reply reply = csv("text/csv");
      assertThat(reply.header("Content-Type")).isEqualTo("text/csv; charset=utf-8");
      assertThat(reply.body().lines().findFirst().orElseThrow())
          .startsWith("id,created_at,action,outcome");
      assertThat(reply.body()).contains("\"'=1+1,\"\"x\"\"\"");
      assertThat(reply.body().lines()).hasSize(8);
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/jsonl", "application/x-ndjson"})
    void asLinesOfJson(String accept) {
      Reply reply = csv(accept);
      assertThat(reply.header("Content-Type")).isEqualTo("application/jsonl; charset=utf-8");
      assertThat(reply.body().lines())
          .hasSize(3)
          .allMatch(line -> line.startsWith("{\"id\":\"aud_"));
    }

    @Test
    void onlyTheParent() {
      Account child = child(parent);
      assertRefused(as(child).get("/v2/audit_log"), 403, "USER.UNAUTHORIZED");
      assertRefused(server().as(parent.testKey()).get("/v2/audit_log"), 403, "MODE.UNAUTHORIZED");
      assertThat(as(server().account()).get("/v2/audit_log").body()).doesNotContain(parent.id());
    }

    @ParameterizedTest
    @ValueSource(strings = {"page_size=0", "before_id=x", "after_id=evt_1", "start_datetime=soon"})
    void noNonsense(String query) {
      assertRefused(as(parent).get("/v2/audit_log?" + query), 422, "PARAMETER.INVALID_TYPE");
    }
  }

  @Nested
  class Verification {
    private Optional<AuditVerify.Flaw> flaw() {
      return server().verifyAudit(UserId.parse(parent.id()).orElseThrow()).flaws().stream()
          .findFirst();
    }

    private void tamper(String sql) throws SQLException {
      String root = "'" + uuid(parent.id()) + "'";
      try (Connection connection = TestPostgres.connect(server().database());
          Statement statement = connection.createStatement()) {
        assertThat(statement.executeUpdate(sql.replace("ROOT", root))).isPositive();
      }
    }

    private void write() {
      child(parent);
      child(parent);
      server().chainAudit();
    }

    @Test
    void findsNothingWhereNothingIsWrong() {
      write();
      assertThat(server().signAudit()).isPositive();
      write();
      assertThat(flaw()).isEmpty();
      assertThat(server().verifyAudit(UserId.parse(parent.id()).orElseThrow()).rows())
          .isEqualTo(15);
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = ';',
        value = {
          "update audit_log set actor_id = 'ak_x' where root_id = ROOT and seq = 3;3",
          "update audit_log set before = '{\"a\":1}' where root_id = ROOT and seq = 1;1",
          "update audit_log set created_at = created_at + interval '1 second' where root_id = ROOT"
              + " and seq = 5;5",
          "update audit_log set error_code = 'X' where root_id = ROOT and seq = 9;9",
          "delete from audit_log where root_id = ROOT and seq = 4;4",
          "delete from audit_log where root_id = ROOT and seq >= 8;8",
          "update audit_heads set hash = '\\x00' where root_id = ROOT;9",
          "delete from audit_heads where root_id = ROOT;9",
        })
    void namesTheFirstRowThatIsNotAsItWas(String sql, long seq) throws Exception {
      write();
      tamper(sql);
      assertThat(flaw()).map(AuditVerify.Flaw::seq).contains(seq);
    }

    @Test
    void seesTwoRowsThatChangedPlaces() throws Exception {
      write();
      tamper("update audit_log set seq = -seq where root_id = ROOT and seq in (2, 3)");
      tamper("update audit_log set seq = 5 + seq where root_id = ROOT and seq in (-2, -3)");
      assertThat(flaw()).map(AuditVerify.Flaw::seq).contains(2L);
    }

    @Test
    void seesATailThatWasCutWithItsHead() throws Exception {
      write();
      server().signAudit();
      tamper("delete from audit_log where root_id = ROOT and seq > 6");
      tamper(
          "update audit_heads h set seq = 6, hash = (select hash from audit_log a"
              + " where a.root_id = ROOT and a.seq = 6) where root_id = ROOT");
      assertThat(flaw()).map(AuditVerify.Flaw::seq).contains(7L);
    }

    @Test
    void seesAChainThatWasMadeAnew() throws Exception {
      write();
      server().signAudit();
      // In one statement: between two the server may have chained the rows to the old end.
      tamper(
          "with ends as (delete from audit_heads where root_id = ROOT)"
              + " update audit_log set actor_id = 'ak_x', seq = null, hash = null"
              + " where root_id = ROOT");
      server().chainAudit();
      assertThat(flaw()).map(AuditVerify.Flaw::seq).contains(9L);
      tamper(
          "update audit_checkpoints set hash = (select hash from audit_log a where a.root_id = ROOT"
              + " and a.seq = 9) where root_id = ROOT");
      assertThat(flaw())
          .map(AuditVerify.Flaw::what)
          .hasValueSatisfying(what -> assertThat(what).contains("signature"));
    }

    @Test
    void holdsForManyWritersOnTwoServers() throws Exception {
      try (TestServer other = server().secondNode()) {
        List<Thread> writers = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
          TestServer of = i % 2 == 0 ? server() : other;
          writers.add(
              Thread.ofVirtual()
                  .start(
                      () -> {
                        for (int n = 0; n < 5; n++) {
                          of.as(parent.productionKey()).post("/v2/users", "{}");
                        }
                      }));
        }
        for (Thread writer : writers) {
          writer.join();
        }
        server().chainAudit();
        other.chainAudit();
      }
      assertThat(flaw()).isEmpty();
      assertThat(server().verifyAudit(UserId.parse(parent.id()).orElseThrow()).rows())
          .isEqualTo(3 + 16 * 5 * 3);
    }
  }
}
