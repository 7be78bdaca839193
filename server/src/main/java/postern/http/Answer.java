package postern.http;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import postern.json.JsonBody;

/** What a handler wants to be sent: a status, perhaps a body, perhaps more headers. */
public final class Answer {
  /** The content type of every JSON answer. */
  public static final String JSON = "application/json; charset=utf-8";

  /** A header of this answer alone. */
  record Extra(String name, String value) {}

  private final int status;
  private final @Nullable Content content;
  private final List<Extra> extras = new ArrayList<>(2);
  private boolean isCompressible = true;
  private boolean isStreamed;

  private Answer(int status, @Nullable Content content) {
    this.status = status;
    this.content = content;
  }

  /**
   * A JSON document. It is written while it is sent: small ones go out in one piece with their
   * length, large ones in chunks and in constant memory.
   */
  public static Answer json(int status, JsonBody body) {
    return new Answer(status, new Content.OfJson(JSON, body));
  }

  /** A document of another type, ready to be sent. */
  public static Answer bytes(int status, String contentType, byte[] bytes) {
    return new Answer(status, new Content.OfBytes(contentType, bytes));
  }

  /** A document of text in UTF-8. It is written while it is sent, as JSON is. */
  public static Answer text(int status, String contentType, TextBody body) {
    return new Answer(status, new Content.OfText(contentType, body));
  }

  /** No body at all. */
  public static Answer empty(int status) {
    return new Answer(status, null);
  }

  static Answer of(int status, Content content) {
    return new Answer(status, content);
  }

  /** Adds a header; the same answer again. */
  public Answer header(String name, String value) {
    extras.add(new Extra(name, value));
    return this;
  }

  /**
   * Sends it as it is: the length of a compressed page tells of secrets that stand beside text that
   * somebody else has chosen.
   */
  public Answer uncompressed() {
    isCompressible = false;
    return this;
  }

  /**
   * Sends the body while it is made: it is too long to be held, and its reader may take its time.
   */
  public Answer streamed() {
    isStreamed = true;
    return this;
  }

  boolean isStreamed() {
    return isStreamed;
  }

  /** The same with its body ready to be sent, however often. */
  public Answer inOnePiece() {
    Content known = content;
    if (known == null || known instanceof Content.OfBytes) {
      return this;
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(1_024);
    known.writeTo(bytes);
    Answer whole = bytes(status, known.type(), bytes.toByteArray());
    whole.extras.addAll(extras);
    whole.isCompressible = isCompressible;
    return whole;
  }

  /** The status. */
  public int statusCode() {
    return status;
  }

  /** The headers of this answer alone. */
  public Map<String, String> headers() {
    Map<String, String> headers = new LinkedHashMap<>();
    extras.forEach(extra -> headers.put(extra.name(), extra.value()));
    return headers;
  }

  /** The type of the body; empty where there is none. */
  public String contentType() {
    return content == null ? "" : content.type();
  }

  /** The body of an answer {@linkplain #inOnePiece in one piece}; empty where there is none. */
  public byte[] body() {
    return content instanceof Content.OfBytes whole ? whole.bytes() : new byte[0];
  }

  boolean isCompressible() {
    return isCompressible;
  }

  int status() {
    return status;
  }

  Optional<Content> content() {
    return Optional.ofNullable(content);
  }

  List<Extra> extras() {
    return extras;
  }
}
