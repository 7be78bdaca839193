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
    for (int i = 0; i < arguments.length; i++) {
      int place = i + 1;
      switch (arguments[i]) {
        case null -> statement.setNull(place, Types.NULL);
        case Object[] array -> bindArray(statement, place, array);
        // The driver would take it through a calendar to make the same text.
        case Instant instant -> statement.setObject(place, instant.toString(), Types.OTHER);
        case Object value -> statement.setObject(place, value);
      }
    }
  }

  private static void bindArray(PreparedStatement statement, int place, @Nullable Object[] array)
      throws SQLException {
    switch (array) {
      case String[] texts -> setArray(statement, place, "text", texts);
      case byte[][] bytes -> setArray(statement, place, "bytea", bytes);
      // Their text has nothing in it to escape, for which the driver looks at each character.
      case UUID[] _, Instant[] _, Long[] _ ->
          statement.setObject(place, literal(array), Types.OTHER);
      default ->
          throw new IllegalArgumentException(
              "no PostgreSQL array of " + array.getClass().getComponentType().getSimpleName());
    }
  }

  private static void setArray(
      PreparedStatement statement, int place, String type, @Nullable Object[] elements)
      throws SQLException {
    statement.setArray(place, statement.getConnection().createArrayOf(type, elements));
  }

  /** Elements as PostgreSQL reads them; a statement names their type. */
  private static String literal(@Nullable Object[] elements) {
    StringBuilder text = new StringBuilder(2 + elements.length * 37).append('{');
    for (int i = 0; i < elements.length; i++) {
      if (i > 0) {
        text.append(',');
      }
      // A null is written as the word for it.
      text.append(elements[i]);
    }
    return text.append('}').toString();
  }
}
