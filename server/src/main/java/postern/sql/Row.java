package postern.sql;

import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a result one after the other, read by column name. Valid only while its mapper runs,
 * on one thread.
 *
 * <p>A mapper asks for the same columns in the same order in every row, so that where each of them
 * stands is looked up in the first row and known in the next.
 */
public final class Row {
  /** Makes a value of a row. */
  @FunctionalInterface
  public interface Mapper<T> {
    T map(Row row);
  }

  private interface Getter<T> {
    @Nullable T get(int column) throws SQLException;
  }

  private static final int COLUMNS_FIRST = 16;

  private final ResultSet results;
  private @Nullable String[] names = new String[COLUMNS_FIRST];
  private int[] columns = new int[COLUMNS_FIRST];
  private int asked;

  Row(ResultSet results) {
    this.results = results;
  }

  /** Goes on to the next row; false where there is none. */
  boolean next() throws SQLException {
    asked = 0;
    return results.next();
  }

  public String text(String column) {
    return required(column, results::getString);
  }

  public Optional<String> textIfAny(String column) {
    return ifAny(column, results::getString);
  }

  public UUID uuid(String column) {
    return required(column, at -> results.getObject(at, UUID.class));
  }

  public Optional<UUID> uuidIfAny(String column) {
    return ifAny(column, at -> results.getObject(at, UUID.class));
  }

  public boolean flag(String column) {
    return required(column, results::getBoolean);
  }

  public int integer(String column) {
    return required(column, results::getInt);
  }

  public long bigint(String column) {
    return required(column, results::getLong);
  }

  public Optional<Long> bigintIfAny(String column) {
    return ifAny(
        column,
        at -> {
          long value = results.getLong(at);
          return results.wasNull() ? null : value;
        });
  }

  public BigDecimal decimal(String column) {
    return required(column, results::getBigDecimal);
  }

  public byte[] bytes(String column) {
    return required(column, results::getBytes);
  }

  public Optional<byte[]> bytesIfAny(String column) {
    return ifAny(column, results::getBytes);
  }

  public Instant time(String column) {
    return required(column, results::getTimestamp).toInstant();
  }

  public Optional<Instant> timeIfAny(String column) {
    return ifAny(column, results::getTimestamp).map(Timestamp::toInstant);
  }

  private <T> T required(String column, Getter<T> getter) {
    return Objects.requireNonNull(read(column, getter), column);
  }

  private <T> Optional<T> ifAny(String column, Getter<T> getter) {
    return Optional.ofNullable(read(column, getter));
  }

  private <T> @Nullable T read(String column, Getter<T> getter) {
    try {
      return getter.get(indexOf(column));
    } catch (SQLException e) {
      throw DatabaseException.of(e);
    }
  }

  @SuppressWarnings(
      "ReferenceEquality") // The name of a column is a literal: mostly the same object.
  private int indexOf(String column) throws SQLException {
    int turn = asked++;
    if (turn == names.length) {
      names = java.util.Arrays.copyOf(names, turn * 2);
      columns = java.util.Arrays.copyOf(columns, turn * 2);
    }
    if (names[turn] != column) {
      columns[turn] = results.findColumn(column);
      names[turn] = column;
    }
    return columns[turn];
  }
}
