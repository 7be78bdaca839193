package postern.http;

import io.helidon.common.buffers.DataReader;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes readers that let go of what was read. Helidon's keeps the pieces that it is given in a list
 * and forgets those that were read, but each of these still names the one after it. As soon as the
 * garbage collector has moved one of them to the old generation, all that follow on that connection
 * are kept alive by it and move there too, request after request, until the heap is full. A reader
 * from here cuts the link.
 */
final class UnlinkedReader {
  /** The piece that a reader is at. */
  static final VarHandle HEAD;

  /** The piece after a piece. */
  static final VarHandle NEXT;

  static {
    try {
      Class<?> piece = Class.forName(DataReader.class.getName() + "$Node");
      MethodHandles.Lookup own = MethodHandles.lookup();
      HEAD =
          MethodHandles.privateLookupIn(DataReader.class, own)
              .findVarHandle(DataReader.class, "head", piece);
      NEXT = MethodHandles.privateLookupIn(piece, own).findVarHandle(piece, "next", piece);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private UnlinkedReader() {}

  /**
   * As {@link DataReader#create(Supplier)}.
   *
   * @param more gives the next piece, or null at the end
   */
  static DataReader create(Supplier<byte @Nullable []> more) {
    Pieces pieces = new Pieces(more);
    DataReader reader = DataReader.create(pieces);
    pieces.reader = reader;
    return reader;
  }

  private static final class Pieces implements Supplier<byte @Nullable []> {
    private final Supplier<byte @Nullable []> more;
    private @Nullable DataReader reader;
    private @Nullable Object headBefore;

    Pieces(Supplier<byte @Nullable []> more) {
      this.more = more;
    }

    /**
     * A reader asks when it is at its last piece, so that nothing goes on from one before its head.
     */
    @Override
    public byte @Nullable [] get() {
      Object head = HEAD.get(reader);
      if (headBefore != null && !headBefore.equals(head)) {
        NEXT.set(headBefore, null);
      }
      headBefore = head;
      return more.get();
    }
  }
}
