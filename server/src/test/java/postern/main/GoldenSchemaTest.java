package postern.main;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The schema that the migrations make, as text: a change of it shows in review. Run with {@code
 * -Dpostern.write-golden=true} to write the file anew.
 */
@Tag("storage")
class GoldenSchemaTest extends RouteTest {
  private static final Path GOLDEN = Path.of("src/test/resources/golden/schema.golden.sql");

  private static final String TABLES =
      """
      select relname from pg_class
      where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
        and relname <> 'flyway_schema_history'
      order by relname
      """;

  private static final String COLUMNS =
      """
      select '  ' || attname || ' ' || format_type(atttypid, atttypmod)
        || case when attnotnull then ' not null' else '' end
        || coalesce(' default ' || pg_get_expr(adbin, adrelid), '')
      from pg_attribute left join pg_attrdef on adrelid = attrelid and adnum = attnum
      where attrelid = ?::regclass and attnum > 0 and not attisdropped
      order by attnum
      """;

  // From PostgreSQL 18 on, not-null stands among the constraints too; the columns show it already.
  private static final String CONSTRAINTS =
      """
      select '  constraint ' || conname || ' ' || pg_get_constraintdef(oid)
      from pg_constraint
      where conrelid = ?::regclass and contype <> 'n'
      order by conname
      """;

  private static final String INDEXES =
      """
      select '  ' || pg_get_indexdef(indexrelid)
      from pg_index
      where indrelid = ?::regclass
      order by indexrelid::regclass::text
      """;

  @Test
  void isAsTheFileSays() throws Exception {
    String schema = schemaOf(server());
    if (Boolean.getBoolean("postern.write-golden")) {
      Files.writeString(GOLDEN, schema);
    }
    assertThat(schema).isEqualTo(golden());
  }

  /** What the file says. */
  static String golden() throws IOException {
    return Files.readString(GOLDEN);
  }

  /** The schema of a server's database in the form of the file. */
  static String schemaOf(TestServer server) {
    StringBuilder schema = new StringBuilder("-- Written by GoldenSchemaTest. Do not edit.\n");
    for (String table : rows(server, TABLES)) {
      schema.append('\n').append(table).append('\n');
      for (String part : new String[] {COLUMNS, CONSTRAINTS, INDEXES}) {
        rows(server, part, table).forEach(line -> schema.append(line).append('\n'));
      }
    }
    return schema.toString();
  }
}
