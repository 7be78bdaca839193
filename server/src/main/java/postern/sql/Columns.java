package postern.sql;

import java.util.Collection;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** Rows that one statement writes, column by column: arrays, which {@code unnest} makes rows of. */
public final class Columns {
  private Columns() {}

  /** One value of each row, in the order of the rows. */
  public static <T, A extends @Nullable Object> A[] column(
      Collection<T> rows, IntFunction<A[]> make, Function<? super T, ? extends A> of) {
    A[] column = make.apply(rows.size());
    int place = 0;
    for (T row : rows) {
      column[place++] = of.apply(row);
    }
    return column;
  }
}
