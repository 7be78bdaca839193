package postern.backup;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import postern.json.Json;
import postern.json.JsonException;
import postern.sql.Tables;

/**
 * What a backup says of itself before its contents: the first entry.
 *
 * @param schema the version of the schema that the rows fit
 * @param program the version of the program that made it
 * @param sequences by name, the last value of each
 */
record Manifest(
    String schema,
    String program,
    Instant createdAt,
    List<Tables.Table> tables,
    Map<String, Long> sequences) {
  static final String ENTRY = "manifest.json";

  byte[] toBytes() {
    return Json.bytes(
        out -> {
          out.startObject().text("schema", schema).text("program", program);
          out.text("created_at", createdAt.toString()).startArray("tables");
          for (Tables.Table table : tables) {
            out.startObject().text("name", table.name()).startArray("columns");
            table.columns().forEach(out::element);
            out.endArray().endObject();
          }
          out.endArray();
          out.value("sequences", new LinkedHashMap<String, @Nullable Object>(textsOf(sequences)));
          out.endObject();
        });
  }

  private static Map<String, String> textsOf(Map<String, Long> numbers) {
    Map<String, String> texts = new TreeMap<>();
    numbers.forEach((name, number) -> texts.put(name, Long.toString(number)));
    return texts;
  }

  /**
   * Reads what {@link #toBytes} wrote.
   *
   * @throws BackupException if it is anything else
   */
  static Manifest parse(byte[] bytes) {
    try {
      Map<?, ?> root = object(Json.parse(bytes));
      List<Tables.Table> tables = new ArrayList<>();
      for (Object each : list(root.get("tables"))) {
        Map<?, ?> table = object(each);
        tables.add(
            new Tables.Table(
                text(table.get("name")),
                list(table.get("columns")).stream().map(Manifest::text).toList()));
      }
      Map<String, Long> sequences = new TreeMap<>();
      object(root.get("sequences"))
          .forEach((name, last) -> sequences.put(text(name), Long.parseLong(text(last))));
      return new Manifest(
          text(root.get("schema")),
          text(root.get("program")),
          Instant.parse(text(root.get("created_at"))),
          tables,
          sequences);
    } catch (JsonException | NumberFormatException | DateTimeParseException e) {
      throw broken();
    }
  }

  private static Map<?, ?> object(@Nullable Object value) {
    if (value instanceof Map<?, ?> map) {
      return map;
    }
    throw broken();
  }

  private static List<?> list(@Nullable Object value) {
    if (value instanceof List<?> list) {
      return list;
    }
    throw broken();
  }

  private static String text(@Nullable Object value) {
    if (value instanceof String text) {
      return text;
    }
    throw broken();
  }

  private static BackupException broken() {
    return new BackupException("the backup's manifest cannot be read");
  }
}
