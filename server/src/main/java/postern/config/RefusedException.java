package postern.config;

/**
 * What the operator asked for cannot be done as things are on this machine: a port in use, a data
 * directory that is missing. The message is one sentence that says what to change.
 */
public final class RefusedException extends RuntimeException {
  public RefusedException(String message) {
    super(message);
  }

  public RefusedException(String message, Throwable cause) {
    super(message, cause);
  }
}
