package postern.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import postern.testing.TestPostgres;

/** Who could show a password before there were people can log in with it. */
@Tag("storage")
class PeopleMigrationTest {
  private static final String ROOT = "01a20000-0000-7000-8000-000000000001";
  private static final String CHILD = "01a20000-0000-7000-8000-000000000002";

  @Test
  void makesAnOwnerOfEveryTopLevelUser() throws Exception {
    PostgresAddress address = TestPostgres.freshDatabase();
    try (Connection connection = TestPostgres.connect(address);
        Statement statement = connection.createStatement()) {
      MigrationFiles.run(statement, 1, 5);
      statement.execute(
          "insert into users (root_id, id, parent_id, brand_id, name, email, password_hash,"
              + " created_at, updated_at) values ('%s', '%s', null, '%s', 'Ada', 'Ada@Example.com',"
                  .formatted(ROOT, ROOT, ROOT)
              + " 'a hash', now(), now()), ('%s', '%s', '%s', '%s', 'Kid', 'kid@example.com', null,"
                  .formatted(ROOT, CHILD, ROOT, CHILD)
              + " now(), now())");
      statement.execute(
          "insert into user_contacts values ('ada@example.com', 'email', '%s', '%s'),"
                  .formatted(ROOT, ROOT)
              + " ('kid@example.com', 'email', '%s', '%s')".formatted(ROOT, CHILD));
      MigrationFiles.run(statement, 6, 6);
      try (ResultSet found =
          statement.executeQuery(
              "select p.email, p.email_key, p.password_hash, m.root_id, m.role, p.verified_at"
                  + " from people p join members m on m.person_id = p.id")) {
        assertThat(found.next()).isTrue();
        assertThat(found.getString("email")).isEqualTo("Ada@Example.com");
        assertThat(found.getString("email_key")).isEqualTo("ada@example.com");
        assertThat(found.getString("password_hash")).isEqualTo("a hash");
        assertThat(found.getString("root_id")).isEqualTo(ROOT);
        assertThat(found.getString("role")).isEqualTo("owner");
        assertThat(found.getTimestamp("verified_at")).isNull();
        assertThat(found.next()).as("a child is nobody").isFalse();
      }
    }
  }
}
