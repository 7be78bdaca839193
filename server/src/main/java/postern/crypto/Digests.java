package postern.crypto;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** SHA-256 for looking secrets up by digest. Thread-safe; no state is kept per thread. */
public final class Digests {

  // Cloned for each call: the clone skips the provider look-up, and nothing ever updates this one.
  private static final MessageDigest SHA_256 = newSha256();

  private Digests() {}

  /** The SHA-256 digest of {@code content}, 32 bytes. */
  public static byte[] sha256(byte[] content) {
    try {
      return ((MessageDigest) SHA_256.clone()).digest(content);
    } catch (CloneNotSupportedException e) {
      // A provider without clone support is slower and just as right.
      return newSha256().digest(content);
    }
  }

  /** The SHA-256 digest of {@code text} in UTF-8, 32 bytes. */
  public static byte[] sha256(String text) {
    return sha256(text.getBytes(UTF_8));
  }

  private static MessageDigest newSha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256, but this one lacks it", e);
    }
  }
}
