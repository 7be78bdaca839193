package postern.crypto;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Certificates and private keys as PEM text, read and written with the JDK alone. */
final class Pem {

  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \\1-----", Pattern.DOTALL);
  private static final Base64.Encoder LINES = Base64.getMimeEncoder(64, new byte[] {'\n'});

  private Pem() {}

  /** The certificates in {@code file}, in its order; at least one. */
  static List<X509Certificate> certificates(Path file) {
    List<X509Certificate> certificates = new ArrayList<>();
    for (MatchResult block : blocks(file)) {
      if (block.group(1).equals("CERTIFICATE")) {
        certificates.add(certificate(file, block.group(2)));
      }
    }
    if (certificates.isEmpty()) {
      throw new CryptoSetupException(file + " holds no certificate in PEM form");
    }
    return List.copyOf(certificates);
  }

  /** The private key in {@code file} (PKCS#8, PKCS#1 or SEC1) that belongs to {@code publicKey}. */
  static PrivateKey privateKey(Path file, PublicKey publicKey) {
    for (MatchResult block : blocks(file)) {
      switch (block.group(1)) {
        case "PRIVATE KEY" -> {
          return privateKey(file, publicKey, block.group(2), "");
        }
        case "RSA PRIVATE KEY" -> {
          return privateKey(file, publicKey, block.group(2), "RSA");
        }
        case "EC PRIVATE KEY" -> {
          return privateKey(file, publicKey, block.group(2), "EC");
        }
        case "ENCRYPTED PRIVATE KEY" -> throw encrypted(file);
        default -> {
          // Such as the EC PARAMETERS that openssl writes before the key.
        }
      }
    }
    throw new CryptoSetupException(file + " holds no private key in PEM form");
  }

  static byte[] of(List<X509Certificate> certificates) {
    StringBuilder text = new StringBuilder();
    for (X509Certificate certificate : certificates) {
      try {
        text.append(block("CERTIFICATE", certificate.getEncoded()));
      } catch (CertificateEncodingException e) {
        throw new IllegalStateException("A certificate of our own cannot be encoded", e);
      }
    }
    return text.toString().getBytes(US_ASCII);
  }

  static byte[] of(PrivateKey key) {
    return block("PRIVATE KEY", key.getEncoded()).getBytes(US_ASCII);
  }

  static X509Certificate certificate(byte[] der) throws CertificateException {
    return (X509Certificate)
        CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
  }

  private static String block(String label, byte[] der) {
    return "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n"
        .formatted(label, LINES.encodeToString(der));
  }

  private static List<MatchResult> blocks(Path file) {
    return BLOCK.matcher(new String(KeyFiles.read(file), UTF_8)).results().toList();
  }

  private static X509Certificate certificate(Path file, String base64) {
    try {
      return certificate(Base64.getMimeDecoder().decode(base64));
    } catch (CertificateException | IllegalArgumentException _) {
      throw new CryptoSetupException(file + " holds a certificate that cannot be read");
    }
  }

  private static PrivateKey privateKey(
      Path file, PublicKey publicKey, String base64, String bareAlgorithm) {
    if (base64.contains("ENCRYPTED")) {
      throw encrypted(file);
    }
    boolean bare = !bareAlgorithm.isEmpty();
    if (bare && !publicKey.getAlgorithm().equals(bareAlgorithm)) {
      throw foreign(file);
    }
    try {
      byte[] der = Base64.getMimeDecoder().decode(base64);
      byte[] pkcs8 = bare ? Der.pkcs8(der, publicKey) : der;
      PrivateKey key =
          KeyFactory.getInstance(publicKey.getAlgorithm())
              .generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
      if (!KeyMatch.belong(key, publicKey)) {
        throw foreign(file);
      }
      return key;
    } catch (GeneralSecurityException | IllegalArgumentException _) {
      // No cause: a parser's message may quote the key.
      throw new CryptoSetupException(
          file + " holds a private key that cannot be read, or is not of its certificate's kind");
    }
  }

  private static CryptoSetupException encrypted(Path file) {
    return new CryptoSetupException(
        file + " is protected by a password: give the private key without one, in a 0600 file");
  }

  private static CryptoSetupException foreign(Path file) {
    return new CryptoSetupException(
        file + " holds a private key that does not belong to its certificate");
  }
}
