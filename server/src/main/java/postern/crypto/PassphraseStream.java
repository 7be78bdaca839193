package postern.crypto;

import com.google.crypto.tink.subtle.AesGcmHkdfStreaming;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/**
 * A stream that only a passphrase opens: Argon2id makes the key of it (64 MiB, three passes), and
 * AES-256-GCM seals segment by segment, so that a piece that was changed, moved or left out is
 * noticed when it is read, and so is an end that came too early.
 */
public final class PassphraseStream {
  private static final byte[] MAGIC = "POSTERN SEALED 1\n".getBytes(StandardCharsets.US_ASCII);
  private static final int SALT_BYTES = 16;
  private static final int KEY_BYTES = 32;
  private static final int SEGMENT_BYTES = 64 * 1_024;
  private static final int MEMORY_KIB = 65_536;
  private static final int PASSES = 3;

  private PassphraseStream() {}

  /** What is written to the result is sealed and goes on to {@code target}, which it closes. */
  public static OutputStream seal(OutputStream target, char[] passphrase, SecureRandom random)
      throws IOException {
    byte[] salt = new byte[SALT_BYTES];
    random.nextBytes(salt);
    target.write(MAGIC);
    target.write(salt);
    try {
      return aead(passphrase, salt).newEncryptingStream(target, MAGIC);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("sealing failed", e);
    }
  }

  /**
   * Opens what {@link #seal} made.
   *
   * @return a stream whose reads throw {@link IOException} where the passphrase is wrong or
   *     something was changed
   * @throws IOException if it is no such stream at all
   */
  public static InputStream open(InputStream source, char[] passphrase) throws IOException {
    byte[] magic = source.readNBytes(MAGIC.length);
    byte[] salt = source.readNBytes(SALT_BYTES);
    if (!Arrays.equals(magic, MAGIC) || salt.length < SALT_BYTES) {
      throw new EOFException("not a backup of Postern's, or not all of one");
    }
    try {
      return aead(passphrase, salt).newDecryptingStream(source, MAGIC);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("opening failed", e);
    }
  }

  private static AesGcmHkdfStreaming aead(char[] passphrase, byte[] salt)
      throws GeneralSecurityException {
    byte[] secret = keyOf(passphrase, salt);
    return new AesGcmHkdfStreaming(secret, "HmacSha256", KEY_BYTES, SEGMENT_BYTES, 0);
  }

  private static byte[] keyOf(char[] passphrase, byte[] salt) {
    Argon2BytesGenerator generator = new Argon2BytesGenerator();
    generator.init(
        new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
            .withVersion(Argon2Parameters.ARGON2_VERSION_13)
            .withMemoryAsKB(MEMORY_KIB)
            .withIterations(PASSES)
            .withParallelism(1)
            .withSalt(salt)
            .build());
    ByteBuffer text = StandardCharsets.UTF_8.encode(CharBuffer.wrap(passphrase));
    byte[] bytes = new byte[text.remaining()];
    text.get(bytes);
    byte[] key = new byte[KEY_BYTES];
    generator.generateBytes(bytes, key);
    Arrays.fill(bytes, (byte) 0);
    return key;
  }
}
