package postern.crypto;

/**
 * A sealed text could not be opened: it was altered, belongs to other associated data, or was
 * sealed under a key that the keyset does not hold. The message holds no part of the text.
 */
public final class UnsealException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  UnsealException(String message) {
    super(message);
  }
}
