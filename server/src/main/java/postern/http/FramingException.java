package postern.http;

/** A request whose framing is malformed: where the next one begins is not known. */
final class FramingException extends RuntimeException {
  FramingException(String message) {
    super(message, null, false, false);
  }
}
