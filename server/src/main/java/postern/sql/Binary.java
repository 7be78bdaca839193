package postern.sql;

import java.nio.ByteBuffer;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PGBinaryObject;
import org.postgresql.util.PGobject;

/**
 * An argument in PostgreSQL's binary form, which has nothing to escape and nothing to parse. The
 * driver makes it of some types only, asks for the names and numbers of an array's types four times
 * over, and would take a moment through a calendar.
 */
final class Binary extends PGobject implements PGBinaryObject {
  private static final int NULL_LENGTH = -1;
  private static final int LOWER_BOUND = 1;

  private final transient byte[] binary;

  private Binary(String pgName, byte[] binary) {
    this.binary = binary;
    setType(pgName);
  }

  /** A {@code timestamptz}. */
  static Binary of(Instant instant) {
    return new Binary("timestamptz", ArrayType.TIMESTAMPTZS.binary(instant));
  }

  /**
   * An array of one dimension, in the form that {@code array_recv} reads (PostgreSQL's {@code
   * arrayfuncs.c}).
   */
  static Binary array(ArrayType type, @Nullable Object[] elements) {
    byte @Nullable [][] encoded = new byte @Nullable [elements.length][];
    int size = Integer.BYTES * (5 + elements.length);
    int isAnyNull = 0;
    for (int i = 0; i < elements.length; i++) {
      Object element = elements[i];
      if (element == null) {
        isAnyNull = 1;
      } else {
        byte[] one = type.binary(element);
        encoded[i] = one;
        size += one.length;
      }
    }
    ByteBuffer array = ByteBuffer.allocate(size);
    // One dimension, of length 0 where there are no elements: PostgreSQL takes that too.
    array.putInt(1).putInt(isAnyNull).putInt(type.elementOid());
    array.putInt(elements.length).putInt(LOWER_BOUND);
    for (byte[] one : encoded) {
      if (one == null) {
        array.putInt(NULL_LENGTH);
      } else {
        array.putInt(one.length).put(one);
      }
    }
    return new Binary(type.pgName(), array.array());
  }

  @Override
  public int lengthInBytes() {
    return binary.length;
  }

  @Override
  public void toBytes(byte[] bytes, int offset) {
    System.arraycopy(binary, 0, bytes, offset, binary.length);
  }

  /** Of a type that the driver was not told to send so, it would send this instead: null. */
  @Override
  public String getValue() {
    throw new IllegalStateException("the driver sends no " + getType() + " in binary form");
  }

  @Override
  public void setByteValue(byte[] bytes, int offset) {
    throw new UnsupportedOperationException("arguments are sent and not read");
  }
}
