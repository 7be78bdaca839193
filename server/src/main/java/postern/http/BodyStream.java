package postern.http;

import java.io.IOException;
import java.io.OutputStream;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Holds back the first bytes of a body. A body that ends within them can be sent in one piece, with
 * its length, and can still be replaced by an error; a longer one flows on, in large pieces, into a
 * stream that is opened only then.
 */
final class BodyStream extends OutputStream {
  private static final int FIRST_BYTES = 1_024;
  static final int HELD_BYTES_MAX = 32 * 1_024;

  private final Supplier<OutputStream> open;
  private byte[] held = new byte[FIRST_BYTES];
  private int length;
  private @Nullable OutputStream opened;

  BodyStream(Supplier<OutputStream> open) {
    this.open = open;
  }

  /** Whether the body was too long to be held back: the rest is sent by {@link #close}. */
  boolean hasOverflowed() {
    return opened != null;
  }

  /** What is held back: the first {@link #length} bytes of it. */
  byte[] held() {
    return held;
  }

  /** How many bytes are held back. */
  int length() {
    return length;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int count) throws IOException {
    if (length + count > HELD_BYTES_MAX) {
      passOn();
    }
    if (count > HELD_BYTES_MAX) {
      into().write(bytes, offset, count);
      return;
    }
    if (length + count > held.length) {
      int doubled = Math.min(HELD_BYTES_MAX, held.length * 2);
      held = java.util.Arrays.copyOf(held, Math.max(doubled, length + count));
    }
    System.arraycopy(bytes, offset, held, length, count);
    length += count;
  }

  /** Passes on what is held back, and ends the stream that the body overflowed into. */
  @Override
  public void close() throws IOException {
    passOn();
    into().close();
  }

  /** In large pieces: each is a chunk, a call of the system and a packet to somebody. */
  private void passOn() throws IOException {
    OutputStream stream = into();
    if (length > 0) {
      stream.write(held, 0, length);
      length = 0;
    }
  }

  private OutputStream into() {
    OutputStream known = opened;
    if (known == null) {
      known = open.get();
      opened = known;
    }
    return known;
  }
}
