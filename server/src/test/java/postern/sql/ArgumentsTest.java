package postern.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static postern.sql.ArrayType.BYTEAS;
import static postern.sql.ArrayType.INT8S;
import static postern.sql.ArrayType.TEXTS;
import static postern.sql.ArrayType.TIMESTAMPTZS;
import static postern.sql.ArrayType.UUIDS;
import static postern.sql.Columns.row;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import postern.testing.TestPostgres;

/** What PostgreSQL makes of arguments, by what it writes of them itself. */
class ArgumentsTest {
  private static final List<ArrayType> TYPES = List.of(UUIDS, INT8S, TEXTS, BYTEAS, TIMESTAMPTZS);

  private static final String AS_TEXT =
      """
      select concat_ws('|', coalesce(id::text, '-'), coalesce(number::text, '-'),
        coalesce(text, '-'), coalesce(encode(bytes, 'hex'), '-'),
        coalesce((extract(epoch from at) * 1000000)::int8::text, '-')) as sample
      from unnest(?::uuid[], ?::int8[], ?::text[], ?::bytea[], ?::timestamptz[])
        with ordinality as n (id, number, text, bytes, at, place)
      where place > ?
      order by place
      """;

  private static Database database;

  @BeforeAll
  static void open() {
    database =
        Database.open(
            TestPostgres.freshDatabase(),
            new Database.Settings(1, Duration.ofSeconds(10), Duration.ofSeconds(10)),
            InstantSource.system());
  }

  @AfterAll
  static void close() {
    database.close();
  }

  @Test
  void rowsArriveColumnByColumn() {
    UUID id = new UUID(0x0123456789abcdefL, 0xfedcba9876543210L);
    assertThat(
            samples(
                row(
                    id,
                    Long.MIN_VALUE,
                    "a \"quoted\" \\ {word}, NULL, \u00e9\ud83d\udd11",
                    new byte[] {0, -1, 127},
                    Instant.parse("1969-12-31T23:59:59.999999Z")),
                row(null, null, null, null, null),
                row(new UUID(0, 0), 0L, "", new byte[0], Instant.parse("2000-01-01T00:00:00Z"))))
        .containsExactly(
            "01234567-89ab-cdef-fedc-ba9876543210|-9223372036854775808"
                + "|a \"quoted\" \\ {word}, NULL, \u00e9\ud83d\udd11|00ff7f|-1",
            "-|-|-|-|-",
            "00000000-0000-0000-0000-000000000000|0|||946684800000000");
  }

  @Test
  void columnsOfNothingAndOfNullsAloneArrive() {
    assertThat(samples()).isEmpty();
    assertThat(samples(row(null, null, null, null, null))).containsExactly("-|-|-|-|-");
  }

  @Test
  void arraysArriveToo() {
    Instant at = Instant.parse("2026-11-28T10:00:00.123456Z");
    assertThat(
            database.<List<String>>read(
                tx ->
                    tx.list(
                        AS_TEXT,
                        row -> row.text("sample"),
                        new UUID[] {new UUID(0, 1)},
                        new Long[] {7L},
                        new String[] {"x"},
                        new byte[][] {HexFormat.of().parseHex("c0ffee")},
                        new Instant[] {at},
                        0)))
        .containsExactly("00000000-0000-0000-0000-000000000001|7|x|c0ffee|1795860000123456");
  }

  @Test
  void aMomentArrivesToTheMicrosecond() {
    Instant at = Instant.parse("2026-11-28T10:00:00.123456Z");
    Optional<Instant> arrived =
        database.read(tx -> tx.one("select ?::timestamptz as at", row -> row.time("at"), at));
    assertThat(arrived).contains(at);
  }

  @Test
  void refusesAnArrayOfAnythingElse() {
    assertThatThrownBy(
            () -> database.read(tx -> tx.list("select ?", row -> true, (Object) new Integer[] {1})))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no PostgreSQL array of Integer");
  }

  private static List<String> samples(@Nullable Object[]... rows) {
    return database.read(
        tx ->
            tx.list(
                AS_TEXT,
                row -> row.text("sample"),
                Columns.of(TYPES, List.of(rows), values -> values),
                0));
  }
}
