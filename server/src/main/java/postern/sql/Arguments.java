package postern.sql;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Java values as the arguments of a statement. */
final class Arguments {
  private Arguments() {}

  /**
   * Gives a statement its arguments; a value of a kind that the driver does not know is refused.
   */
  static void bind(PreparedStatement statement, @Nullable Object[] arguments) throws SQLException {
    int place = 1;
    for (Object argument : arguments) {
      if (argument instanceof Columns columns) {
        for (int i = 0; i < columns.count(); i++) {
          statement.setObject(place++, columns.array(i));
        }
      } else {
        bind(statement, place++, argument);
      }
    }
  }

  private static void bind(PreparedStatement statement, int place, @Nullable Object argument)
      throws SQLException {
    switch (argument) {
      case null -> statement.setNull(place, Types.NULL);
      case Object[] array -> statement.setObject(place, Binary.array(typeOf(array), array));
      case Instant instant -> statement.setObject(place, Binary.of(instant));
      case Object value -> statement.setObject(place, value);
    }
  }

  private static ArrayType typeOf(@Nullable Object[] array) {
    return switch (array) {
      case String[] _ -> ArrayType.TEXTS;
      case UUID[] _ -> ArrayType.UUIDS;
      case Long[] _ -> ArrayType.INT8S;
      case Instant[] _ -> ArrayType.TIMESTAMPTZS;
      case byte[][] _ -> ArrayType.BYTEAS;
      default ->
          throw new IllegalArgumentException(
              "no PostgreSQL array of " + array.getClass().getComponentType().getSimpleName());
    };
  }
}
