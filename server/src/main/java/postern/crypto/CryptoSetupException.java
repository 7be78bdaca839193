package postern.crypto;

/**
 * A key file, certificate or name that the operator gave is missing, damaged or unusable. The
 * message is a sentence for the operator: it names the file or the name and never its secret
 * content.
 */
public final class CryptoSetupException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  CryptoSetupException(String message) {
    super(message);
  }

  CryptoSetupException(String message, Throwable cause) {
    super(message, cause);
  }
}
