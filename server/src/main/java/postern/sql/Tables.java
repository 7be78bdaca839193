package postern.sql;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;

/**
 * All tables of a database in one transaction, out and in, as {@code COPY} writes them: text that
 * every PostgreSQL reads. Belongs to one thread.
 */
public final class Tables implements AutoCloseable {
  /** A table and those of its columns that hold data of their own. */
  public record Table(String name, List<String> columns) {
    private String inSql() {
      return quoted(name)
          + " ("
          + String.join(", ", columns.stream().map(Tables::quoted).toList())
          + ")";
    }
  }

  private static final String NAMES =
      """
      select c.relname, a.attname
      from pg_class c
      join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
        and not c.relispartition and a.attgenerated = '' and c.relname <> 'flyway_schema_history'
      order by c.relname, a.attnum
      """;

  /** PostgreSQL may be silent while it builds an index or waits for a lock. */
  private static final Duration READ_TIMEOUT = Duration.ofMinutes(10);

  private final Connection connection;

  private Tables(Connection connection) {
    this.connection = connection;
  }

  /** Everything as it is at one moment; nobody is kept from writing meanwhile. */
  public static Tables snapshot(PostgresAddress address) {
    return open(address, "begin isolation level repeatable read, read only");
  }

  /** Everything, to be written. Nothing is there for others before {@link #commit}. */
  public static Tables forWriting(PostgresAddress address) {
    return open(address, "begin");
  }

  private static Tables open(PostgresAddress address, String begin) {
    try {
      Connection connection =
          new Connecting(address, "postern backup", READ_TIMEOUT).getConnection();
      Tables tables = new Tables(connection);
      tables.execute(begin);
      return tables;
    } catch (SQLException e) {
      throw DatabaseException.of(e);
    }
  }

  /** The tables, in the order of their names; which they are may differ with the schema. */
  public List<Table> all() {
    Map<String, List<String>> columns = new TreeMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(NAMES)) {
      while (rows.next()) {
        columns
            .computeIfAbsent(rows.getString(1), name -> new ArrayList<>())
            .add(rows.getString(2));
      }
    } catch (SQLException e) {
      throw DatabaseException.of(e);
    }
    return columns.entrySet().stream()
        .map(entry -> new Table(entry.getKey(), List.copyOf(entry.getValue())))
        .toList();
  }

  /** The sequences and what each gave last; without those that have given nothing. */
  public Map<String, Long> sequences() {
    Map<String, Long> sequences = new TreeMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "select sequencename, last_value from pg_sequences where schemaname = 'public'"
                    + " and last_value is not null")) {
      while (rows.next()) {
        sequences.put(rows.getString(1), rows.getLong(2));
      }
    } catch (SQLException e) {
      throw DatabaseException.of(e);
    }
    return sequences;
  }

  /** Writes the rows of a table; how many those were. */
  public long copyOut(Table table, OutputStream target) throws IOException {
    try {
      return copies().copyOut("copy " + table.inSql() + " to stdout", target);
    } catch (SQLException e) {
      throw DatabaseException.of(e);
    }
  }

  /** Puts rows into a table that {@link #copyOut} wrote; how many those were. */
  public long copyIn(Table table, InputStream source) throws IOException {
    try {
      return copies().copyIn("copy " + table.inSql() + " from stdin", source);
    } catch (SQLException e) {
      throw DatabaseException.of(e);
    }
  }

  private CopyManager copies() throws SQLException {
    return connection.unwrap(PGConnection.class).getCopyAPI();
  }

  /** Whether a table has rows. */
  public boolean hasRows(String table) {
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery("select exists (select from " + quoted(table) + ")")) {
      return rows.next() && rows.getBoolean(1);
    } catch (SQLException e) {
      throw DatabaseException.of(e);
    }
  }

  /** Empties tables that hold nothing but what their migration put there. */
  public void empty(List<Table> tables) {
    for (Table table : tables) {
      execute("truncate " + quoted(table.name()));
    }
  }

  /** Has a sequence go on after a value. */
  public void setSequence(String name, long last) {
    try (PreparedStatement statement =
        connection.prepareStatement("select setval(?::regclass, ?)")) {
      statement.setString(1, quoted(name));
      statement.setLong(2, last);
      statement.execute();
    } catch (SQLException e) {
      throw DatabaseException.of(e);
    }
  }

  /** Makes everything that was written stand. */
  public void commit() {
    execute("commit");
  }

  private void execute(String sql) {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw DatabaseException.of(e);
    }
  }

  private static String quoted(String name) {
    return "\"" + name.replace("\"", "\"\"") + "\"";
  }

  /** Undoes what was not committed. */
  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      throw DatabaseException.of(e);
    }
  }
}
