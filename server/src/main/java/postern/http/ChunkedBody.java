package postern.http;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Takes a chunked body apart and writes it anew, without extensions and trailers: what is passed on
 * can be understood in one way only (RFC 9112 section 7.1). Each piece that arrives becomes a
 * chunk, so that no chunk is held in memory for its size.
 */
final class ChunkedBody {
  private static final int LINE_BYTES_MAX = 256;
  private static final int TRAILER_BYTES_MAX = 8 * 1_024;
  private static final int SIZE_DIGITS_MAX = 8;
  private static final byte[] CRLF = {'\r', '\n'};
  private static final byte[] LAST = "0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private enum State {
    SIZE,
    DATA,
    DATA_END,
    TRAILER,
    END
  }

  private final StringBuilder line = new StringBuilder(16);
  private State state = State.SIZE;
  private long left;
  private int trailerBytes;

  /** Whether the last chunk and what follows it were read. */
  boolean isAtEnd() {
    return state == State.END;
  }

  /**
   * Takes bytes up to the end of the body.
   *
   * @param from where in {@code bytes} to begin
   * @param out is given what is passed on
   * @return where the bytes begin that were not taken
   * @throws FramingException if the chunks are malformed
   */
  int read(byte[] bytes, int from, ByteArrayOutputStream out) {
    int at = from;
    while (at < bytes.length && state != State.END) {
      at = state == State.DATA ? data(bytes, at, out) : line(bytes, at, out);
    }
    return at;
  }

  private int data(byte[] bytes, int at, ByteArrayOutputStream out) {
    int count = (int) Math.min(left, bytes.length - at);
    out.writeBytes(Integer.toHexString(count).getBytes(StandardCharsets.US_ASCII));
    out.writeBytes(CRLF);
    out.write(bytes, at, count);
    out.writeBytes(CRLF);
    left -= count;
    if (left == 0) {
      state = State.DATA_END;
    }
    return at + count;
  }

  private int line(byte[] bytes, int start, ByteArrayOutputStream out) {
    int at = start;
    while (at < bytes.length) {
      char each = (char) (bytes[at++] & 0xff);
      boolean endsLine = line.length() > 0 && line.charAt(line.length() - 1) == '\r';
      if ((each == '\n') != endsLine || line.length() == LINE_BYTES_MAX) {
        throw new FramingException("a line of a chunk that does not end in CRLF, or is too long");
      }
      if (endsLine) {
        line.setLength(line.length() - 1);
        ended(line.toString(), out);
        line.setLength(0);
        return at;
      }
      line.append(each);
    }
    return at;
  }

  private void ended(String text, ByteArrayOutputStream out) {
    switch (state) {
      case SIZE -> {
        left = sizeIn(text);
        state = left == 0 ? State.TRAILER : State.DATA;
      }
      case DATA_END -> {
        if (!text.isEmpty()) {
          throw new FramingException("a chunk that is longer than its size");
        }
        state = State.SIZE;
      }
      case TRAILER -> {
        trailerBytes += text.length();
        if (trailerBytes > TRAILER_BYTES_MAX) {
          throw new FramingException("trailers that are too long");
        }
        if (text.isEmpty()) {
          out.writeBytes(LAST);
          state = State.END;
        }
      }
      case DATA, END -> throw new IllegalStateException(state.name());
    }
  }

  /** RFC 9112 section 7.1.1: extensions that are not understood are ignored. */
  private static long sizeIn(String text) {
    int extension = text.indexOf(';');
    String size = (extension < 0 ? text : text.substring(0, extension)).stripTrailing();
    boolean isHex =
        !size.isEmpty()
            && size.length() <= SIZE_DIGITS_MAX
            && size.chars().allMatch(each -> Character.digit(each, 16) >= 0 && each < 0x80);
    if (!isHex) {
      throw new FramingException("a chunk size that is not a number in hex");
    }
    return Long.parseLong(size, 16);
  }
}
