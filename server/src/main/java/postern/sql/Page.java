package postern.sql;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of a result, bounded in rows and in bytes.
 *
 * @param rows at least one if the result has any
 * @param hasMore whether the result goes on behind the last of them
 */
public record Page<T>(List<T> rows, boolean hasMore) {
  /**
   * A page ends with the row that reaches this many bytes of text. The rows, their strings and the
   * JSON made of them take about six times as much of the heap while an answer is made.
   */
  public static final int BYTES_MAX = 512 * 1_024;

  private record Counted<T>(T row, boolean isFollowed) {}

  /**
   * What a query selects.
   *
   * @param sql without an order and without a limit
   * @param order columns of the query that no two rows share all of
   * @param bytes counts the bytes of the texts of a row, whose length has no small limit
   */
  public record Query(String sql, String order, String bytes) {
    /** PostgreSQL counts bytes before it reads or sends a long text: its length is in the row. */
    String bounded() {
      return """
          select *
          from (
            select page.*, lead(true) over (order by %2$s) is not null as is_followed,
              coalesce(sum(%3$s) over (
                order by %2$s rows between unbounded preceding and 1 preceding), 0) as bytes_before
            from (%1$s) as page
            order by %2$s
            limit ?
          ) as bounded
          where bytes_before < %4$d
          order by %2$s
          """
          .formatted(sql, order, bytes, BYTES_MAX);
    }
  }

  /** Reads the first rows of a query: {@code rowsMax} of them, or those that have the bytes. */
  public static <T> Page<T> read(
      Tx tx,
      Query query,
      Row.Mapper<T> mapper,
      int rowsMax,
      List<? extends @Nullable Object> arguments) {
    List<@Nullable Object> all = new ArrayList<>(arguments);
    all.add(rowsMax);
    List<Counted<T>> found =
        tx.list(
            query.bounded(),
            row -> new Counted<>(mapper.map(row), row.flag("is_followed")),
            all.toArray());
    return new Page<>(
        found.stream().map(Counted::row).toList(),
        !found.isEmpty() && found.getLast().isFollowed());
  }
}
