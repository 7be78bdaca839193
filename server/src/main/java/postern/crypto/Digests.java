package postern.crypto;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Function;

/**
 * SHA-256 for looking secrets up by digest. Thread-safe; no state is kept per thread, since there
 * is one for each connection.
 */
public final class Digests {
  /** More than there are processors to be busy at once; who finds none makes one. */
  private static final int KEPT_MAX = 16;

  private static final int BYTES = 32;

  private static final AtomicReferenceArray<Hasher> KEPT = new AtomicReferenceArray<>(KEPT_MAX);

  /** One that is being used belongs to one thread. */
  private static final class Hasher {
    private final MessageDigest sha256 = newSha256();
    private final byte[] result = new byte[BYTES];

    byte[] hash(byte[] content) {
      try {
        sha256.update(content);
        sha256.digest(result, 0, BYTES);
        return result;
      } catch (DigestException e) {
        throw new IllegalStateException("32 bytes are enough for SHA-256", e);
      }
    }
  }

  private Digests() {}

  /** The SHA-256 digest of {@code content}, 32 bytes. */
  public static byte[] sha256(byte[] content) {
    return sha256(content, byte[]::clone);
  }

  /**
   * What is made of the SHA-256 digest of {@code content}. Nothing is allocated for the digest
   * itself, so this is for what every request does.
   *
   * @param make is handed 32 bytes that are somebody else's afterwards: it must not keep them
   */
  public static <T> T sha256(byte[] content, Function<byte[], T> make) {
    // Threads that follow one another in number seldom meet in a place.
    int place = (int) Thread.currentThread().threadId() & (KEPT_MAX - 1);
    Hasher kept = KEPT.getAndSet(place, null);
    Hasher hasher = kept == null ? new Hasher() : kept;
    T made = make.apply(hasher.hash(content));
    KEPT.set(place, hasher);
    return made;
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
