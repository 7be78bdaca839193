package postern.bench;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/**
 * One answer as it was on the wire.
 *
 * @param status its status
 * @param headers the lines of its head after the first, in their order
 * @param body its body, of one byte for each character
 */
record RecordedAnswer(int status, List<String> headers, String body) {
  private static final String END_OF_HEAD = "\r\n\r\n";
  private static final int TIMEOUT_MS = 10_000;

  /** What differs from one answer to the next, in as many bytes. */
  private static final List<String> CHANGING = List.of("date:", "x-ep-request-uuid:", "x-runtime:");

  RecordedAnswer {
    headers = List.copyOf(headers);
  }

  /** Asks, and keeps the answer. */
  static RecordedAnswer of(String url, String path, String authorization) {
    URI uri = URI.create(url);
    try (Socket socket = new Socket(uri.getHost(), uri.getPort())) {
      socket.setSoTimeout(TIMEOUT_MS);
      String request =
          "GET %s HTTP/1.1\r\nHost: %s\r\nAuthorization: %s\r\n\r\n"
              .formatted(path, uri.getAuthority(), authorization);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      return parse(read(socket.getInputStream()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(InputStream in) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    long end = Long.MAX_VALUE;
    while (bytes.size() < end) {
      int next = in.read();
      if (next < 0) {
        throw new BenchException("an answer ended early: " + bytes);
      }
      bytes.write(next);
      if (next == '\n' && end == Long.MAX_VALUE) {
        String head = bytes.toString(StandardCharsets.ISO_8859_1);
        if (head.endsWith(END_OF_HEAD)) {
          end = bytes.size() + parse(head).contentLength();
        }
      }
    }
    return bytes.toString(StandardCharsets.ISO_8859_1);
  }

  static RecordedAnswer parse(String text) {
    int end = text.indexOf(END_OF_HEAD);
    List<String> lines = text.substring(0, end).lines().toList();
    return new RecordedAnswer(
        Integer.parseInt(lines.getFirst().split(" ", 3)[1]),
        lines.subList(1, lines.size()),
        text.substring(end + END_OF_HEAD.length()));
  }

  /** The answer as it was on the wire, but for the reason in its first line. */
  String text() {
    return "HTTP/1.1 " + status + "\r\n" + String.join("\r\n", headers) + END_OF_HEAD + body;
  }

  private long contentLength() {
    return headers.stream()
        .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("content-length:"))
        .mapToLong(line -> Long.parseLong(line.substring(line.indexOf(':') + 1).strip()))
        .findFirst()
        .orElseThrow(() -> new BenchException("an answer without its length: " + headers));
  }

  /** How many bytes it has on the wire, the first line apart. */
  int size() {
    return headers.stream().mapToInt(line -> line.length() + 2).sum() + body.length();
  }

  /**
   * Makes sure that another answer is the same, but for what is different in each answer.
   *
   * @throws BenchException if it is not
   */
  void requireSame(RecordedAnswer other) {
    if (status != other.status
        || !body.equals(other.body)
        || size() != other.size()
        || !steady().equals(other.steady())) {
      throw new BenchException("Two answers differ:\n" + text() + "\n---\n" + other.text());
    }
  }

  private List<String> steady() {
    return headers.stream()
        .map(line -> line.toLowerCase(Locale.ROOT))
        .filter(line -> CHANGING.stream().noneMatch(line::startsWith))
        .sorted()
        .toList();
  }
}
