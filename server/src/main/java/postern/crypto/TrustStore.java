package postern.crypto;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import postern.crypto.KeyFiles.Access;

/** A PKCS#12 trust store with one authority in it, and its random password in a file beside it. */
record TrustStore(Path file, Path passwordFile) {

  private static final int PASSWORD_BYTES = 16;

  boolean exists() {
    return KeyFiles.exists(file) && KeyFiles.exists(passwordFile);
  }

  String password() {
    return new String(KeyFiles.read(passwordFile), US_ASCII).strip();
  }

  /** Replaces the store; a password that exists is kept, since clients are configured with it. */
  void write(X509Certificate authority) {
    if (!KeyFiles.exists(passwordFile)) {
      byte[] random = new byte[PASSWORD_BYTES];
      new SecureRandom().nextBytes(random);
      byte[] text = (HexFormat.of().formatHex(random) + "\n").getBytes(US_ASCII);
      KeyFiles.write(passwordFile, text, Access.OWNER_ONLY);
    }
    KeyFiles.write(file, encode(authority), Access.EVERYBODY);
  }

  private byte[] encode(X509Certificate authority) {
    try (var bytes = new ByteArrayOutputStream()) {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setCertificateEntry("postern-local-ca", authority);
      store.store(bytes, password().toCharArray());
      return bytes.toByteArray();
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException("The trust store could not be made", e);
    }
  }
}
