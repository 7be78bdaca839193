package postern.crypto;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import postern.crypto.KeyFiles.Access;

/** Signs with Ed25519, by a key in a file of mode 0600 that is made once and kept. Thread-safe. */
public final class Signer {
  private static final String FILE_NAME = "signing-key";
  private static final String LOCK_NAME = "signing-key.lock";
  private static final String ALGORITHM = "Ed25519";

  private final PrivateKey privateKey;
  private final PublicKey publicKey;

  private Signer(PrivateKey privateKey, PublicKey publicKey) {
    this.privateKey = privateKey;
    this.publicKey = publicKey;
  }

  /**
   * Opens {@code signing-key} in {@code folder}, which is made when it does not exist.
   *
   * @throws CryptoSetupException when the file exists and cannot be read whole
   */
  public static Signer open(Path folder) {
    KeyFiles.createFolder(folder);
    Path file = folder.resolve(FILE_NAME);
    if (!KeyFiles.exists(file)) {
      KeyFiles.locked(folder.resolve(LOCK_NAME), () -> createIfMissing(file));
    }
    return read(file);
  }

  /** The signature of a message: 64 bytes. */
  public byte[] sign(byte[] message) {
    try {
      Signature signature = Signature.getInstance(ALGORITHM);
      signature.initSign(privateKey);
      signature.update(message);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Signing failed", e);
    }
  }

  /** Whether {@link #sign} has made this signature of this message. */
  public boolean verifies(byte[] message, byte[] signed) {
    try {
      Signature signature = Signature.getInstance(ALGORITHM);
      signature.initVerify(publicKey);
      signature.update(message);
      return signature.verify(signed);
    } catch (GeneralSecurityException e) {
      // Bytes that cannot be a signature are refused by an exception.
      return false;
    }
  }

  private static Path createIfMissing(Path file) {
    if (!KeyFiles.exists(file)) {
      try {
        KeyPair pair = KeyPairGenerator.getInstance(ALGORITHM).generateKeyPair();
        String text =
            encoded(pair.getPrivate().getEncoded()) + encoded(pair.getPublic().getEncoded());
        KeyFiles.write(file, text.getBytes(StandardCharsets.US_ASCII), Access.OWNER_ONLY);
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("No signing key could be made", e);
      }
    }
    return file;
  }

  private static String encoded(byte[] key) {
    return Base64.getEncoder().encodeToString(key) + "\n";
  }

  /** The private key and the public one, a line each. */
  private static Signer read(Path file) {
    List<String> lines =
        new String(KeyFiles.read(file), StandardCharsets.US_ASCII).lines().toList();
    try {
      KeyFactory keys = KeyFactory.getInstance(ALGORITHM);
      Base64.Decoder decoder = Base64.getDecoder();
      return new Signer(
          keys.generatePrivate(new PKCS8EncodedKeySpec(decoder.decode(lines.get(0)))),
          keys.generatePublic(new X509EncodedKeySpec(decoder.decode(lines.get(1)))));
    } catch (GeneralSecurityException | RuntimeException _) {
      // No cause: its message may quote the file, and the file holds a key.
      throw new CryptoSetupException(
          file
              + " is not a whole signing key. Restore it from a backup: a new one could not verify"
              + " what was signed before");
    }
  }
}
