package postern.sql;

import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Rows that one statement writes, column by column: arrays, which {@code unnest} makes rows of. As
 * an argument of a statement they are as many arguments as there are columns.
 */
public final class Columns {
  private final List<ArrayType> types;
  private final @Nullable Object[][] columns;

  private Columns(List<ArrayType> types, @Nullable Object[][] columns) {
    this.types = types;
    this.columns = columns;
  }

  /**
   * The columns of some rows. For many columns this costs far less than a {@link #column} for each:
   * what takes a row apart is in one place, and in the processor's cache at once.
   *
   * @param types of the columns
   * @param values the {@link #row} of each
   */
  public static <T> Columns of(
      List<ArrayType> types, Collection<T> rows, Function<? super T, @Nullable Object[]> values) {
    @Nullable Object[][] columns = new @Nullable Object[types.size()][rows.size()];
    int place = 0;
    for (T row : rows) {
      @Nullable Object[] taken = values.apply(row);
      for (int i = 0; i < columns.length; i++) {
        columns[i][place] = taken[i];
      }
      place++;
    }
    return new Columns(types, columns);
  }

  /** The values of one row, in the order of the columns. */
  public static @Nullable Object[] row(@Nullable Object... values) {
    return values;
  }

  int count() {
    return columns.length;
  }

  Binary array(int column) {
    return Binary.array(types.get(column), columns[column]);
  }

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
