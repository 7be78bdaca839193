package postern.sql;

import java.time.Instant;
import java.util.UUID;
import java.util.stream.Stream;
import org.jdbi.v3.core.argument.Argument;
import org.jspecify.annotations.Nullable;

/** Java arrays as PostgreSQL arrays. */
final class Arrays {
  private Arrays() {}

  static Argument argument(@Nullable Object[] array) {
    String type = typeOf(array.getClass().getComponentType());
    // The driver makes no array of instants: their ISO form is as exact.
    Object[] elements =
        array instanceof Instant[] instants
            ? Stream.of(instants).map(Arrays::iso).toArray(String[]::new)
            : array;
    return (position, statement, context) ->
        statement.setArray(position, statement.getConnection().createArrayOf(type, elements));
  }

  private static @Nullable String iso(@Nullable Instant instant) {
    return instant == null ? null : instant.toString();
  }

  private static String typeOf(Class<?> component) {
    if (component == UUID.class) {
      return "uuid";
    } else if (component == String.class) {
      return "text";
    } else if (component == Long.class) {
      return "int8";
    } else if (component == byte[].class) {
      return "bytea";
    } else if (component == Instant.class) {
      return "timestamptz";
    }
    throw new IllegalArgumentException("no PostgreSQL array of " + component.getSimpleName());
  }
}
