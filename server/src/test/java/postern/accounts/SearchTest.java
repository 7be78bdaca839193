package postern.accounts;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.OffsetDateTime;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import postern.main.RouteTest;
import postern.main.TestServer.Account;
import postern.testing.TestPostgres;

/** The search for children reads what it finds, and not the family. */
class SearchTest extends RouteTest {
  private static final int CHILDREN = 5_000;

  @Test
  void usesTheIndexesEvenWhenItIsPlannedOnceForAllTexts() throws Exception {
    Account account = server().account();
    UUID root = RouteTest.uuid(account.id());
    rows(
        server(),
        """
        with made as (
          insert into users (root_id, id, parent_id, brand_id, name, email, created_at, updated_at)
          select p.id, gen_random_uuid(), p.id, gen_random_uuid(), 'Child ' || n,
            'child' || n || '@example.com', p.created_at, p.created_at
          from users p, generate_series(1, ?) n where p.id = ? returning 1)
        select count(*) from made
        """,
        CHILDREN,
        root);
    try (Connection connection = TestPostgres.connect(server().database());
        Statement statement = connection.createStatement()) {
      statement.execute("analyze users");
      statement.execute("set plan_cache_mode = force_generic_plan");
      StringBuilder plan = new StringBuilder();
      try (PreparedStatement explain =
          connection.prepareStatement("explain (analyze, timing off) " + UserStore.SEARCH)) {
        Object[] arguments = {
          root,
          "child 77",
          "child 77",
          1_000,
          root,
          "child 77",
          "child 77",
          1_000,
          OffsetDateTime.parse("9999-12-31T00:00:00Z"),
          new UUID(-1, -1),
          50
        };
        for (int i = 0; i < arguments.length; i++) {
          explain.setObject(i + 1, arguments[i]);
        }
        ResultSet lines = explain.executeQuery();
        while (lines.next()) {
          plan.append(lines.getString(1)).append('\n');
        }
      }
      assertThat(plan)
          .contains("users_by_name", "users_by_email")
          .doesNotContain("Seq Scan", "Rows Removed by Filter");
    }
  }
}
