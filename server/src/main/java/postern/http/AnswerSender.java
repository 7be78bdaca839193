package postern.http;

import io.helidon.http.Header;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.webserver.http.RoutingResponse;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.zip.GZIPOutputStream;

/** Puts answers on the wire. One instance serves one request. */
final class AnswerSender {
  private static final HeaderName CONTENT_ENCODING = HeaderNames.CONTENT_ENCODING;
  private static final HeaderName RATE_LIMIT = HeaderNames.create("RateLimit");
  private static final HeaderName RATE_LIMIT_POLICY = HeaderNames.create("RateLimit-Policy");
  private static final Header VARY_ORIGIN = HeaderValues.createCached(HeaderNames.VARY, "Origin");
  private static final Header JSON_TYPE =
      HeaderValues.createCached(HeaderNames.CONTENT_TYPE, Answer.JSON);

  /** What is held of an answer that flows: pieces of it, and the tables of its compression. */
  private static final int STREAM_BYTES = 128 * 1_024;

  private static final int GZIP_BUFFER_BYTES = 8 * 1_024;

  /** Below it the packet that is sent is one packet all the same, and packing costs the most. */
  private static final int GZIP_BYTES_MIN = 1_024;

  private final ServerRequest request;
  private final ServerResponse response;
  private final String requestId;
  private final long startedNanos;
  private RateLimiter.Verdict limits = RateLimiter.Verdict.UNLIMITED;

  AnswerSender(
      ServerRequest request, ServerResponse response, String requestId, long startedNanos) {
    this.request = request;
    this.response = response;
    this.requestId = requestId;
    this.startedNanos = startedNanos;
  }

  /** Says with the answer what the request has left of its limits. */
  void say(RateLimiter.Verdict verdict) {
    limits = verdict;
  }

  /**
   * Sends an answer.
   *
   * @throws RuntimeException whatever the body throws while it is written; {@link
   *     ServerResponse#isSent()} tells whether another answer can still take its place
   */
  void send(Answer answer) {
    if (answer.content().isEmpty()) {
      putHead(answer);
      response.send();
      return;
    }
    Content content = answer.content().get();
    if (content instanceof Content.OfBytes whole
        && whole.bytes().length <= BodyStream.HELD_BYTES_MAX) {
      sendWhole(answer, content, whole.bytes(), whole.bytes().length);
      return;
    }
    BodyStream body = new BodyStream(() -> openStream(answer, content));
    content.writeTo(body);
    if (body.hasOverflowed()) {
      close(body);
      end();
      return;
    }
    sendWhole(answer, content, body.held(), body.length());
  }

  private void sendWhole(Answer answer, Content content, byte[] bytes, int length) {
    putHead(answer);
    putType(content);
    if (length >= GZIP_BYTES_MIN && answer.isCompressible() && wantsGzip()) {
      response.headers().set(HeaderValues.create(CONTENT_ENCODING, "gzip"));
      response.send(gzip(bytes, length));
    } else {
      response.send(bytes, 0, length);
    }
  }

  /**
   * Sends what is left of a body in pieces, with its end. Helidon would do so after the handler:
   * too late for a connection that is closed after the answer.
   */
  private void end() {
    ((RoutingResponse) response).commit();
  }

  private OutputStream openStream(Answer answer, Content content) {
    Claim.CURRENT.get().grow(STREAM_BYTES);
    putHead(answer);
    putType(content);
    if (!answer.isCompressible() || !wantsGzip()) {
      return response.outputStream();
    }
    response.headers().set(HeaderValues.create(CONTENT_ENCODING, "gzip"));
    try {
      return new GZIPOutputStream(response.outputStream(), GZIP_BUFFER_BYTES);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void putHead(Answer answer) {
    response.status(answer.status());
    if (!MessageReader.CURRENT.get().canGoOn(request)) {
      response.headers().set(HeaderValues.CONNECTION_CLOSE);
    }
    CommonHeaders.addTo(
        response.headers(), request.isSecure(), requestId, System.nanoTime() - startedNanos);
    // Recorded of these since 2023, and of the users there not.
    String path = request.path().rawPath();
    if (path.startsWith("/beta") && !path.startsWith("/beta/users")) {
      response.headers().set(VARY_ORIGIN);
    }
    if (!limits.policies().isEmpty()) {
      response.headers().set(HeaderValues.create(RATE_LIMIT_POLICY, limits.policies()));
      response.headers().set(HeaderValues.create(RATE_LIMIT, limits.state()));
    }
    for (Answer.Extra extra : answer.extras()) {
      Header header = HeaderValues.create(extra.name(), extra.value());
      // Helidon is told to leave it, since it would look through all the others as well.
      header.validate();
      if (header.headerName().equals(HeaderNames.SET_COOKIE)) {
        // The one header that stands once for each of its values (RFC 6265, section 3).
        response.headers().add(header);
      } else {
        response.headers().set(header);
      }
    }
  }

  private void putType(Content content) {
    response
        .headers()
        .set(
            content.type().equals(Answer.JSON)
                ? JSON_TYPE
                : HeaderValues.create(HeaderNames.CONTENT_TYPE, content.type()));
  }

  private boolean wantsGzip() {
    return request
        .headers()
        .first(HeaderNames.ACCEPT_ENCODING)
        .map(AnswerSender::acceptsGzip)
        .orElse(false);
  }

  /** Whether gzip is among the accepted codings and not ruled out by a quality of zero. */
  static boolean acceptsGzip(String acceptEncoding) {
    for (String coding : acceptEncoding.toLowerCase(java.util.Locale.ROOT).split(",", -1)) {
      String[] parts = coding.strip().split(";", 2);
      if (parts[0].strip().equals("gzip")) {
        return parts.length == 1 || !parts[1].replace(" ", "").matches("q=0(\\.0*)?");
      }
    }
    return false;
  }

  private static byte[] gzip(byte[] bytes, int length) {
    ByteArrayOutputStream packed = new ByteArrayOutputStream(length / 2 + 64);
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write(bytes, 0, length);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return packed.toByteArray();
  }

  private static void close(OutputStream stream) {
    try {
      stream.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
