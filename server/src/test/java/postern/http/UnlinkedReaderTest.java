package postern.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.helidon.common.buffers.DataReader;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** Helidon's reader with its links cut reads as it does without. */
final class UnlinkedReaderTest {
  private static final int LENGTH = 20_000;
  private static final int PIECE_BYTES_MAX = 40;

  /** Ways to read: some stay within a piece, some go across several, some only look. */
  private static final List<Function<DataReader, Object>> READS =
      List.of(
          DataReader::read,
          DataReader::lookup,
          DataReader::available,
          reader -> reader.startsWith("abcdefghij".getBytes(US_ASCII)),
          reader -> reader.readAsciiString(7),
          reader -> List.of(reader.readBytes(100)[99], reader.readBytes(1)[0]),
          reader -> reader.readLazyString(US_ASCII, 90).toString(),
          reader -> reader.getBuffer(130).readString(130),
          reader -> reader.readBuffer(75).readString(75),
          reader -> reader.findOrNewLine((byte) ' ', 120),
          reader -> reader.findNewLine(110),
          reader -> {
            reader.skip(95);
            return reader.available();
          });

  @RepeatedTest(20)
  void readsAsHelidonsDoes() {
    long seed = new Random().nextLong();
    DataReader unlinked = UnlinkedReader.create(pieces(seed)::poll);
    DataReader plain = DataReader.create(pieces(seed)::poll);
    Random random = new Random(seed);

    for (int read = 0; read < 100; read++) {
      Function<DataReader, Object> next = READS.get(random.nextInt(READS.size()));
      assertThat(result(next, unlinked)).as("seed " + seed).isEqualTo(result(next, plain));
    }
  }

  @Test
  void whatWasReadLeadsToNothing() {
    DataReader reader = UnlinkedReader.create(() -> "GET / HTTP/1.1\r\n".getBytes(US_ASCII));
    Object first = UnlinkedReader.HEAD.get(reader);

    for (int request = 0; request < 1_000; request++) {
      assertThat(reader.readLine()).isEqualTo("GET / HTTP/1.1");
    }

    assertThat(pieces(first)).isLessThanOrEqualTo(2);
  }

  @Test
  void anEndIsTold() {
    DataReader reader = UnlinkedReader.create(() -> null);

    assertThatThrownBy(reader::ensureAvailable)
        .isInstanceOf(DataReader.InsufficientDataAvailableException.class);
  }

  /** A line feed that has lost its carriage return is refused by some reads. */
  private static Object result(Function<DataReader, Object> read, DataReader from) {
    try {
      return read.apply(from);
    } catch (DataReader.IncorrectNewLineException e) {
      return String.valueOf(e.getMessage());
    }
  }

  private static int pieces(Object first) {
    int count = 0;
    for (Object piece = first; piece != null; piece = UnlinkedReader.NEXT.get(piece)) {
      count++;
    }
    return count;
  }

  /** A text in pieces; its line ends are complete, and may lie across two pieces. */
  private static Deque<byte[]> pieces(long seed) {
    Random random = new Random(seed);
    StringBuilder text = new StringBuilder();
    while (text.length() < LENGTH) {
      text.append(random.nextInt(12) == 0 ? "\r\n" : "abcdefghij klmno");
    }
    Deque<byte[]> pieces = new ArrayDeque<>();
    for (int from = 0; from < text.length(); ) {
      int to = Math.min(text.length(), from + 1 + random.nextInt(PIECE_BYTES_MAX));
      pieces.add(text.substring(from, to).getBytes(US_ASCII));
      from = to;
    }
    return pieces;
  }
}
