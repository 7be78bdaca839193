package postern.http;

import io.helidon.http.DirectHandler;
import io.helidon.http.HeaderNames;
import io.helidon.http.HttpPrologue;
import io.helidon.http.Method;
import io.helidon.http.RequestException;
import io.helidon.http.Status;
import io.helidon.http.WritableHeaders;
import io.helidon.webserver.http.DirectTransportRequest;
import io.helidon.webserver.http.ServerRequest;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the requests of one connection, and gives Helidon the bytes of one at a time: a head in one
 * piece, then its body, and nothing of the next request before that was read to its end. So it
 * alone knows whether a connection can be used for another request. Called by the thread that
 * serves the connection.
 */
final class MessageReader implements Supplier<byte @Nullable []> {
  /** The reader of the connection whose request is being handled. */
  static final ScopedValue<MessageReader> CURRENT = ScopedValue.newInstance();

  /** RFC 9112 section 2.2: empty lines before a request are left over from the one before. */
  private static final int EMPTY_LINES_MAX = 4;

  private static final int HEAD_ENDS = 4;
  private static final byte[] NOTHING = {};
  private static final Status HEAD_TOO_LARGE = Status.create(431);
  private static final Pattern ACCEPT =
      Pattern.compile("\r\naccept:([^\r]*)", Pattern.CASE_INSENSITIVE);
  private static final HttpPrologue NO_PROLOGUE =
      HttpPrologue.create("HTTP/1.1", "HTTP", "1.1", Method.GET, "/", false);

  private final Supplier<byte @Nullable []> source;
  private final int lineBytesMax;
  private final int headBytesMax;
  private byte[] pending = NOTHING;
  private int at;
  private @Nullable RequestFraming framing;
  private @Nullable ChunkedBody chunks;
  private long left;
  private boolean isBroken;
  private Runnable onRequest = () -> {};
  private Runnable onNext = () -> {};
  // How many bytes of CR LF CR LF the last ones of the head are.
  private int ending;

  /**
   * Makes one.
   *
   * @param source gives what arrives, piece by piece; null at the end
   * @param lineBytesMax the longest request line
   * @param headBytesMax the largest head; no more of one is ever held
   */
  MessageReader(Supplier<byte @Nullable []> source, int lineBytesMax, int headBytesMax) {
    this.source = source;
    this.lineBytesMax = lineBytesMax;
    this.headBytesMax = headBytesMax;
  }

  /**
   * The next bytes of the request, or the head of the next one; null where the connection ended.
   *
   * @throws RequestException if a head is malformed or too large
   * @throws FramingException if a body is malformed
   */
  @Override
  public byte @Nullable [] get() {
    try {
      if (chunks != null) {
        return nextOfChunks(chunks);
      }
      return left > 0 ? nextOfBody() : nextHead();
    } catch (RuntimeException e) {
      isBroken = true;
      throw e;
    }
  }

  /** Has something done at the begin of each request. */
  void onRequest(Runnable action) {
    onRequest = action;
  }

  /** Has something done when a request was handled to its end, before the next one is read. */
  void onNext(Runnable action) {
    onNext = action;
  }

  /** Whether the answer to the request that is being handled has no body. */
  boolean isForHead() {
    return framing != null && framing.isHead();
  }

  /** Whether the client of the request that is being handled knows no chunks. */
  boolean isForOldClient() {
    return framing != null && framing.isOld();
  }

  /** Whether something of the request may still arrive, or has arrived and was not read. */
  boolean hasUnread() {
    return isBroken || !isAtEnd() || at < pending.length;
  }

  /**
   * Whether another request can follow on the connection: this one was read to its end, or the rest
   * of it has arrived and is read now.
   */
  boolean canGoOn(ServerRequest request) {
    if (isBroken || framing == null || framing.isLast()) {
      return false;
    }
    if (isAtEnd()) {
      return true;
    }
    // RFC 9110 section 10.1.1: without a 100 the client may send the body or not.
    boolean hasArrived = chunks == null && left <= pending.length - at && !framing.isHeldBack();
    if (hasArrived) {
      request.content().consume();
    }
    return hasArrived;
  }

  private boolean isAtEnd() {
    return left == 0 && chunks == null;
  }

  private byte @Nullable [] nextHead() {
    onNext.run();
    framing = null;
    ending = 0;
    if (!skipEmptyLines()) {
      return null;
    }
    int from = at;
    if (findEndOfHead()) {
      return begin(Arrays.copyOfRange(pending, from, at));
    }
    ByteArrayOutputStream held = new ByteArrayOutputStream(Math.max(512, 2 * (at - from)));
    boolean isWhole = false;
    while (!isWhole) {
      held.write(pending, from, at - from);
      if (held.size() > headBytesMax) {
        throw tooLarge(held.toByteArray());
      }
      if (!fill()) {
        return null;
      }
      from = 0;
      isWhole = findEndOfHead();
    }
    held.write(pending, from, at - from);
    return begin(held.toByteArray());
  }

  private byte[] begin(byte[] head) {
    if (head.length > headBytesMax) {
      throw tooLarge(head);
    }
    try {
      RequestFraming found = RequestFraming.of(head);
      framing = found;
      onRequest.run();
      chunks = found.bodyBytes() == RequestFraming.CHUNKED ? new ChunkedBody() : null;
      left = Math.max(0, found.bodyBytes());
      return found.head();
    } catch (FramingException e) {
      throw refused(e.getMessage(), head);
    }
  }

  private boolean fill() {
    byte[] next = source.get();
    pending = next == null ? NOTHING : next;
    at = 0;
    return next != null;
  }

  /** Goes on to the first byte of a request, however the bytes arrive; false at the end. */
  private boolean skipEmptyLines() {
    int lines = 0;
    while (at < pending.length || fill()) {
      if (pending[at] != '\r' || lines == EMPTY_LINES_MAX) {
        return true;
      }
      at++;
      if (at == pending.length && !fill()) {
        return false;
      }
      if (pending[at] != '\n') {
        throw refused("a carriage return before a request", NOTHING);
      }
      at++;
      lines++;
    }
    return false;
  }

  /** Goes on in the pending bytes to the end of the head; false if it is not among them. */
  private boolean findEndOfHead() {
    while (at < pending.length) {
      byte each = pending[at++];
      boolean isAfterReturn = (ending & 1) == 1;
      if (isAfterReturn != (each == '\n') || (each == '\r' && isAfterReturn)) {
        throw refused("a line of the head that does not end in CRLF", NOTHING);
      }
      ending = each == '\r' || each == '\n' ? ending + 1 : 0;
      if (ending == HEAD_ENDS) {
        return true;
      }
    }
    return false;
  }

  private RequestException tooLarge(byte[] head) {
    boolean isLine = true;
    for (int i = 0; i < lineBytesMax; i++) {
      isLine &= head[i] != '\n';
    }
    return refusal(isLine ? Status.REQUEST_URI_TOO_LONG_414 : HEAD_TOO_LARGE).build();
  }

  /** A refusal in the form that the head asks for, as far as that can be read. */
  private static RequestException refused(@Nullable String why, byte[] head) {
    WritableHeaders<?> headers = WritableHeaders.create();
    Matcher accept = ACCEPT.matcher(new String(head, StandardCharsets.ISO_8859_1));
    if (accept.find()) {
      headers.set(HeaderNames.ACCEPT, accept.group(1).strip());
    }
    return refusal(Status.BAD_REQUEST_400)
        .request(DirectTransportRequest.create(NO_PROLOGUE, headers))
        .message(why)
        .build();
  }

  private static RequestException.Builder refusal(Status status) {
    return RequestException.builder()
        .type(DirectHandler.EventType.BAD_REQUEST)
        .status(status)
        .setKeepAlive(false);
  }

  private byte @Nullable [] nextOfBody() {
    if (at == pending.length && !fill()) {
      return null;
    }
    int count = (int) Math.min(left, pending.length - at);
    left -= count;
    int from = at;
    at += count;
    return from == 0 && count == pending.length
        ? pending
        : Arrays.copyOfRange(pending, from, from + count);
  }

  private byte @Nullable [] nextOfChunks(ChunkedBody body) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(512);
    while (out.size() == 0) {
      if (at == pending.length && !fill()) {
        return null;
      }
      at = body.read(pending, at, out);
      if (body.isAtEnd()) {
        chunks = null;
      }
    }
    return out.toByteArray();
  }
}
