package postern.http;

import java.util.ArrayList;
import java.util.List;
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
