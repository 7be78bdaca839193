package postern.json;

/** The text is not the JSON that we read: broken, too deep, or with the same member twice. */
public final class JsonException extends Exception {
  JsonException(Throwable cause) {
    super("not readable as JSON", cause);
  }
}
