package postern.http;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Holds back the first bytes of a body. A body that ends within them can be sent in one piece, with
 * its length, and can still be replaced by an error; a longer one flows on into a stream that is
 * opened only then.
 */
final class BodyStream extends OutputStream {
  private static final int FIRST_BYTES = 1_024;
  private static final int HELD_BYTES_MAX = 32 * 1_024;

  private final Supplier<OutputStream> open;
  private byte[] held = new byte[FIRST_BYTES];
  private int length;
  private @Nullable OutputStream opened;

  BodyStream(Supplier<OutputStream> open) {
    this.open = open;
  }

  /** The stream that the body overflowed into; empty while everything is still held back. */
  Optional<OutputStream> opened() {
    return Optional.ofNullable(opened);
  }

  /** What is held back. */
  byte[] held() {
    return java.util.Arrays.copyOf(held, length);
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int count) throws IOException {
    if (opened == null && length + count > HELD_BYTES_MAX) {
      opened = open.get();
      opened.write(held, 0, length);
      held = new byte[0];
    }
    if (opened != null) {
      opened.write(bytes, offset, count);
      return;
    }
    if (length + count > held.length) {
      held = java.util.Arrays.copyOf(held, Math.max(held.length * 2, length + count));
    }
    System.arraycopy(bytes, offset, held, length, count);
    length += count;
  }
}
