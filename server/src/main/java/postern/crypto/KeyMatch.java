package postern.crypto;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.interfaces.RSAKey;

/** Tells whether a private and a public key are a pair. */
final class KeyMatch {

  private static final byte[] PROBE = {1, 2, 3, 4};

  private KeyMatch() {}

  static boolean belong(PrivateKey privateKey, PublicKey publicKey)
      throws GeneralSecurityException {
    if (privateKey instanceof RSAKey one && publicKey instanceof RSAKey other) {
      return one.getModulus().equals(other.getModulus());
    }
    // Only a signature proves it for the other kinds: their private keys do not tell the public
    // one.
    String algorithm =
        publicKey.getAlgorithm().equals("EC") ? "SHA256withECDSA" : publicKey.getAlgorithm();
    Signature signature = Signature.getInstance(algorithm);
    signature.initSign(privateKey);
    signature.update(PROBE);
    byte[] signed = signature.sign();
    signature.initVerify(publicKey);
    signature.update(PROBE);
    try {
      return signature.verify(signed);
    } catch (SignatureException _) {
      // Thrown instead of false when the signature is of another curve's length.
      return false;
    }
  }
}
