package postern.sql;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;

/** PostgreSQL's arrays that statements get, and the binary form of what is in them. */
public enum ArrayType {
  BYTEAS("_bytea", 17) {
    @Override
    byte[] binary(Object element) {
      return (byte[]) element;
    }
  },
  INT8S("_int8", 20) {
    @Override
    byte[] binary(Object element) {
      return int8((Long) element);
    }
  },
  TEXTS("_text", 25) {
    @Override
    byte[] binary(Object element) {
      return ((String) element).getBytes(StandardCharsets.UTF_8);
    }
  },
  /** Microseconds since the year 2000; what is finer is cut off. */
  TIMESTAMPTZS("_timestamptz", 1184) {
    @Override
    byte[] binary(Object element) {
      return int8(ChronoUnit.MICROS.between(YEAR_2000, (Instant) element));
    }
  },
  UUIDS("_uuid", 2950) {
    @Override
    byte[] binary(Object element) {
      UUID uuid = (UUID) element;
      return ByteBuffer.allocate(Long.BYTES * 2)
          .putLong(uuid.getMostSignificantBits())
          .putLong(uuid.getLeastSignificantBits())
          .array();
    }
  };

  private static final Instant YEAR_2000 = Instant.parse("2000-01-01T00:00:00Z");

  private final String pgName;
  private final int elementOid;

  ArrayType(String pgName, int elementOid) {
    this.pgName = pgName;
    this.elementOid = elementOid;
  }

  /** The name of the array's type in {@code pg_type}. */
  String pgName() {
    return pgName;
  }

  /** The number of the elements' type in {@code pg_type.dat}. */
  int elementOid() {
    return elementOid;
  }

  /** What {@code array_recv} takes for an element that is not null. */
  abstract byte[] binary(Object element);

  private static byte[] int8(long value) {
    return ByteBuffer.allocate(Long.BYTES).putLong(value).array();
  }
}
