package postern.crypto;

/** Too many password hashes are being computed or waited for; the caller may try again later. */
public final class PasswordsBusyException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  PasswordsBusyException(String message) {
    super(message);
  }
}
