package postern.http;

import io.helidon.common.buffers.BufferData;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * Takes out of an answer what its client does not expect: the body of an answer to HEAD (RFC 9110
 * section 9.3.2), and the chunks of one to HTTP/1.0 (RFC 9112 section 7.1), which ends with its
 * connection instead. One instance filters the answers of one connection.
 */
final class AnswerFilter {
  private static final Pattern CHUNKED =
      Pattern.compile("\r\ntransfer-encoding:[^\r]*", Pattern.CASE_INSENSITIVE);
  private static final String END_OF_HEAD = "\r\n\r\n";

  private enum State {
    HEAD,
    BODY,
    CHUNK_SIZE,
    CHUNK
  }

  private final MessageReader messages;
  private final StringBuilder line = new StringBuilder();
  private State state = State.HEAD;
  private int left;

  AnswerFilter(MessageReader messages) {
    this.messages = messages;
  }

  /** What is sent of an answer's next bytes. */
  BufferData sent(BufferData written) {
    boolean isForHead = messages.isForHead();
    if (!isForHead && !messages.isForOldClient()) {
      return written;
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream(Math.max(32, written.available()));
    byte[] bytes = new byte[written.available()];
    written.read(bytes);
    int at = 0;
    while (at < bytes.length) {
      at =
          switch (state) {
            case HEAD -> head(bytes, at, out, isForHead);
            case BODY -> body(bytes, at, out, isForHead);
            case CHUNK_SIZE -> chunkSize(bytes, at);
            case CHUNK -> chunk(bytes, at, out);
          };
    }
    return BufferData.create(out.toByteArray());
  }

  /** Begins with the answer to another request. */
  void next() {
    state = State.HEAD;
    line.setLength(0);
  }

  private int head(byte[] bytes, int start, ByteArrayOutputStream out, boolean isForHead) {
    int at = start;
    while (at < bytes.length) {
      line.append((char) (bytes[at++] & 0xff));
      int from = line.length() - END_OF_HEAD.length();
      if (from >= 0 && line.indexOf(END_OF_HEAD, from) >= 0) {
        String head = line.toString();
        line.setLength(0);
        boolean isInterim = head.startsWith("HTTP/1.1 1");
        boolean isChunked = !isForHead && CHUNKED.matcher(head).find();
        state = isInterim ? State.HEAD : isChunked ? State.CHUNK_SIZE : State.BODY;
        String sent = isChunked ? CHUNKED.matcher(head).replaceAll("") : head;
        out.writeBytes(sent.getBytes(StandardCharsets.ISO_8859_1));
        return at;
      }
    }
    return at;
  }

  private static int body(byte[] bytes, int at, ByteArrayOutputStream out, boolean isForHead) {
    if (!isForHead) {
      out.write(bytes, at, bytes.length - at);
    }
    return bytes.length;
  }

  private int chunkSize(byte[] bytes, int start) {
    int at = start;
    while (at < bytes.length) {
      char each = (char) (bytes[at++] & 0xff);
      if (each == '\n' && line.length() > 0) {
        left = Integer.parseInt(line.toString(), 16);
        line.setLength(0);
        state = State.CHUNK;
        return at;
      }
      // The end of the chunk before is skipped with the line's own.
      if (each != '\r' && each != '\n') {
        line.append(each);
      }
    }
    return at;
  }

  private int chunk(byte[] bytes, int at, ByteArrayOutputStream out) {
    int count = Math.min(left, bytes.length - at);
    out.write(bytes, at, count);
    left -= count;
    if (left == 0) {
      state = State.CHUNK_SIZE;
    }
    return at + count;
  }
}
