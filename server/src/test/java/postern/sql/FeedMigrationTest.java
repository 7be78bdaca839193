package postern.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import postern.testing.TestPostgres;

/** Events keep their places, and those without one their turn, when the feed moves out of them. */
@Tag("storage")
class FeedMigrationTest {
  private static final String ROOT = "01a20000-0000-7000-8000-000000000001";

  @Test
  void keepsPlacesAndTurns() throws Exception {
    PostgresAddress address = TestPostgres.freshDatabase();
    try (Connection connection = TestPostgres.connect(address);
        Statement statement = connection.createStatement()) {
      MigrationFiles.run(statement, 1, 7);
      // In the order in which they were written: places were given to the third and the first.
      insert(statement, 1, "4");
      insert(statement, 2, "null");
      insert(statement, 3, "2");
      insert(statement, 4, "null");
      MigrationFiles.run(statement, 8, 8);
      assertThat(feed(statement, "position is not null order by position"))
          .containsExactly("3 at 2", "1 at 4");
      assertThat(feed(statement, "position is null order by written"))
          .containsExactly("2 at null", "4 at null");
    }
  }

  private static void insert(Statement statement, int number, String position) throws Exception {
    statement.execute(
        """
        insert into events (root_id, id, user_id, mode, description, result, previous_attributes,
          created_at, position)
        values ('%s', '00000000-0000-7000-8000-00000000000%d', '%s', 'test', 'user.created', '{}',
          '{}', now(), %s)
        """
            .formatted(ROOT, number, ROOT, position));
  }

  private static List<String> feed(Statement statement, String condition) throws Exception {
    List<String> rows = new ArrayList<>();
    try (ResultSet found =
        statement.executeQuery(
            "select right(f.event_id::text, 1) as number, f.position from event_feed f"
                + " join events e on e.root_id = f.root_id and e.id = f.event_id"
                + " and e.user_id = f.user_id and e.mode = f.mode where "
                + condition)) {
      while (found.next()) {
        rows.add(found.getString("number") + " at " + found.getString("position"));
      }
    }
    return rows;
  }
}
