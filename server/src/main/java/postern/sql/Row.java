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

/** One row of a result, read by column name. Valid only while its mapper runs. */
public final class Row {
  /** Makes a value of a row. */
  @FunctionalInterface
  public interface Mapper<T> {
    T map(Row row);
  }

  private interface Getter<T> {
    @Nullable T get() throws SQLException;
  }

  private final ResultSet results;

  Row(ResultSet results) {
    this.results = results;
  }

  public String text(String column) {
    return required(column, () -> results.getString(column));
  }

  public Optional<String> textIfAny(String column) {
    return ifAny(() -> results.getString(column));
  }

  public UUID uuid(String column) {
    return required(column, () -> results.getObject(column, UUID.class));
  }

  public Optional<UUID> uuidIfAny(String column) {
    return ifAny(() -> results.getObject(column, UUID.class));
  }

  public boolean flag(String column) {
    return required(column, () -> results.getBoolean(column));
  }

  public int integer(String column) {
    return required(column, () -> results.getInt(column));
  }

  public long bigint(String column) {
    return required(column, () -> results.getLong(column));
  }

  public Optional<Long> bigintIfAny(String column) {
    return ifAny(
        () -> {
          long value = results.getLong(column);
          return results.wasNull() ? null : value;
        });
  }

  public BigDecimal decimal(String column) {
    return required(column, () -> results.getBigDecimal(column));
  }

  public byte[] bytes(String column) {
    return required(column, () -> results.getBytes(column));
  }

  public Optional<byte[]> bytesIfAny(String column) {
    return ifAny(() -> results.getBytes(column));
  }

  public Instant time(String column) {
    return required(column, () -> results.getTimestamp(column)).toInstant();
  }

  public Optional<Instant> timeIfAny(String column) {
    return ifAny(() -> results.getTimestamp(column)).map(Timestamp::toInstant);
  }

  private static <T> T required(String column, Getter<T> getter) {
    return Objects.requireNonNull(read(getter), column);
  }

  private static <T> Optional<T> ifAny(Getter<T> getter) {
    return Optional.ofNullable(read(getter));
  }

  private static <T> @Nullable T read(Getter<T> getter) {
    try {
      return getter.get();
    } catch (SQLException e) {
      throw DatabaseException.of(e);
    }
  }
}
