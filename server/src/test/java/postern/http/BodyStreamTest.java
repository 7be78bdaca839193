package postern.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BodyStreamTest {
  private static final int HELD_BYTES_MAX = 32 * 1_024;

  /** What the body overflowed into: the sizes of the pieces, and their bytes. */
  private static final class Target extends ByteArrayOutputStream {
    private final List<Integer> pieces = new ArrayList<>();
    private int opened;
    private int closed;

    Target open() {
      opened++;
      return this;
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int count) {
      pieces.add(count);
      super.write(bytes, offset, count);
    }

    @Override
    public void close() throws IOException {
      closed++;
      super.close();
    }
  }

  private final Target target = new Target();
  private final BodyStream body = new BodyStream(target::open);

  @Test
  void holdsBackABodyThatEndsWithinTheLimit() throws Exception {
    byte[] bytes = random(HELD_BYTES_MAX, 1);
    body.write(bytes, 0, 1_000);
    body.write(bytes, 1_000, HELD_BYTES_MAX - 1_001);
    body.write(bytes[HELD_BYTES_MAX - 1]);
    assertThat(body.hasOverflowed()).isFalse();
    assertThat(body.held()).isEqualTo(bytes);
    assertThat(target.opened).isZero();
  }

  @Test
  void passesOnALongerOneInLargePieces() throws Exception {
    byte[] bytes = random(1_000_000, 2);
    Random sizes = new Random(3);
    for (int at = 0; at < bytes.length; ) {
      int count = Math.min(bytes.length - at, sizes.nextInt(9_000));
      body.write(bytes, at, count);
      at += count;
    }
    assertThat(body.hasOverflowed()).isTrue();
    body.close();
    assertThat(target.toByteArray()).isEqualTo(bytes);
    assertThat(target.opened).isEqualTo(1);
    assertThat(target.closed).isEqualTo(1);
    assertThat(target.pieces.subList(0, target.pieces.size() - 1))
        .allMatch(size -> size > HELD_BYTES_MAX - 9_000 && size <= HELD_BYTES_MAX);
  }

  @Test
  void passesOnWhatIsLargerThanItHoldsAsItIs() throws Exception {
    byte[] bytes = random(3 * HELD_BYTES_MAX, 4);
    body.write(bytes, 0, 10);
    body.write(bytes, 10, bytes.length - 20);
    body.write(bytes, bytes.length - 10, 10);
    body.close();
    assertThat(target.toByteArray()).isEqualTo(bytes);
    assertThat(target.pieces).containsExactly(10, bytes.length - 20, 10);
  }

  private static byte[] random(int length, long seed) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }
}
