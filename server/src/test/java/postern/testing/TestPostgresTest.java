package postern.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import postern.sql.PostgresAddress;

final class TestPostgresTest {

  @Test
  void copiesATemplateAndKeepsDatabasesApart() throws Exception {
    PostgresAddress template = TestPostgres.freshDatabase();
    try (Connection connection = TestPostgres.connect(template);
        Statement statement = connection.createStatement()) {
      statement.execute("create table kept as select 3 as n");
    }
    PostgresAddress copy = TestPostgres.clone(TestPostgres.nameOf(template));
    assertThat(tables(copy)).isEqualTo(1);
    assertThat(tables(TestPostgres.freshDatabase())).isZero();
  }

  private static int tables(PostgresAddress address) throws Exception {
    try (Connection connection = TestPostgres.connect(address);
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery("select count(*) from pg_tables where tablename = 'kept'")) {
      rows.next();
      return rows.getInt(1);
    }
  }
}
