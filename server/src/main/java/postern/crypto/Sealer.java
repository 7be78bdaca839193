package postern.crypto;

import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import postern.crypto.KeyFiles.Access;

/**
 * Seals secrets that must be shown again (AES-256-GCM) under a keyset in a file of mode 0600.
 *
 * <p>Keys are added by {@link #rotate} and never taken away, so that whatever was sealed stays
 * readable. Another process may rotate the same file: a text sealed under its new key makes this
 * one read the file again. Thread-safe.
 */
public final class Sealer {

  private static final String FILE_NAME = "keyset.json";
  private static final String LOCK_NAME = "keyset.lock";

  // Tink puts its version (1) and the four bytes of the key id before each sealed text.
  private static final byte PREFIX_VERSION = 1;
  private static final int PREFIX_BYTES = 5;

  // A file that is broken under a running server is not read more often than this.
  private static final Duration PAUSE_AFTER_FAILED_READ = Duration.ofSeconds(1);

  private final Path file;
  private final Path lockFile;
  private final ReentrantLock reading = new ReentrantLock();
  private volatile Keyring keyring;
  private volatile long failedReadNanos = System.nanoTime() - PAUSE_AFTER_FAILED_READ.toNanos();

  private Sealer(Path file, Path lockFile, Keyring keyring) {
    this.file = file;
    this.lockFile = lockFile;
    this.keyring = keyring;
  }

  /**
   * Opens the keyset {@code keyset.json} in {@code folder}, which is made with its first key when
   * the file does not exist.
   *
   * @throws CryptoSetupException when the file exists and cannot be read whole: a new keyset would
   *     make everything sealed so far unreadable
   */
  public static Sealer open(Path folder) {
    KeyFiles.createFolder(folder);
    Path file = folder.resolve(FILE_NAME);
    Path lockFile = folder.resolve(LOCK_NAME);
    if (!KeyFiles.exists(file)) {
      KeyFiles.locked(lockFile, () -> createIfMissing(file));
    }
    return new Sealer(file, lockFile, Keyring.read(file));
  }

  /**
   * Seals {@code plain} under the primary key. The same {@code associatedData}, which is not part
   * of the result, must be given to open it.
   */
  public byte[] seal(byte[] plain, byte[] associatedData) {
    try {
      return keyring.aead().encrypt(plain, associatedData);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Sealing failed", e);
    }
  }

  /**
   * Opens what {@link #seal} made.
   *
   * @throws UnsealException when the text was altered, belongs to other associated data or to a key
   *     that the keyset does not hold
   */
  public byte[] open(byte[] sealed, byte[] associatedData) {
    Keyring current = holderOf(keyId(sealed));
    try {
      return current.aead().decrypt(sealed, associatedData);
    } catch (GeneralSecurityException e) {
      throw new UnsealException(
          "A sealed text cannot be opened: it was altered or belongs to other associated data");
    }
  }

  /**
   * The id of the key that {@code sealed} was sealed under, whether or not the keyset holds it.
   *
   * @throws UnsealException when {@code sealed} cannot come from {@link #seal}
   */
  public static int keyId(byte[] sealed) {
    if (sealed.length < PREFIX_BYTES || sealed[0] != PREFIX_VERSION) {
      throw new UnsealException("A sealed text cannot be opened: it does not start with a key id");
    }
    return ByteBuffer.wrap(sealed).getInt(1);
  }

  /** The id of the key that {@link #seal} uses now: rows with another one await re-sealing. */
  public int primaryKeyId() {
    return keyring.primaryKeyId();
  }

  /**
   * Adds a new key, seals with it from now on and keeps all older keys. The new keyset is on disk
   * before the first text is sealed under it.
   *
   * @return the id of the new primary key
   * @throws CryptoSetupException when the file cannot be read or written; nothing changes then
   */
  public int rotate() {
    Keyring rotated =
        KeyFiles.locked(
            lockFile,
            () -> {
              // From the file, not from memory: another process may have rotated it meanwhile.
              KeysetHandle keyset = Keyring.read(file).keyset();
              KeyFiles.write(file, Keyring.serialize(withNewPrimary(keyset)), Access.OWNER_ONLY);
              return Keyring.read(file);
            });
    keyring = rotated;
    return rotated.primaryKeyId();
  }

  /**
   * Reads the keyset file again.
   *
   * @throws CryptoSetupException when it cannot be read whole; the keys read before stay in use
   */
  public void reload() {
    reading.lock();
    try {
      keyring = Keyring.read(file);
    } finally {
      reading.unlock();
    }
  }

  private Keyring holderOf(int keyId) {
    Keyring current = keyring;
    if (!current.holds(keyId)) {
      current = rereadIfChanged();
    }
    if (!current.holds(keyId)) {
      throw new UnsealException(
          "A sealed text cannot be opened: the keyset does not hold its key, id "
              + Integer.toUnsignedString(keyId));
    }
    return current;
  }

  private Keyring rereadIfChanged() {
    reading.lock();
    try {
      if (mayRead() && !keyring.isOf(FileStamp.of(file))) {
        keyring = Keyring.read(file);
      }
    } catch (CryptoSetupException e) {
      failedReadNanos = System.nanoTime();
      throw new UnsealException(
          "A sealed text cannot be opened: its key is not in memory, and " + e.getMessage());
    } finally {
      reading.unlock();
    }
    return keyring;
  }

  private boolean mayRead() {
    return System.nanoTime() - failedReadNanos >= PAUSE_AFTER_FAILED_READ.toNanos();
  }

  private static Path createIfMissing(Path file) {
    if (!KeyFiles.exists(file)) {
      KeyFiles.write(file, Keyring.serialize(withNewPrimary(null)), Access.OWNER_ONLY);
    }
    return file;
  }

  private static KeysetHandle withNewPrimary(@Nullable KeysetHandle keyset) {
    var builder = keyset == null ? KeysetHandle.newBuilder() : KeysetHandle.newBuilder(keyset);
    try {
      return builder
          .setConfiguration(Keyring.CONFIGURATION)
          .addEntry(
              KeysetHandle.generateEntryFromParameters(PredefinedAeadParameters.AES256_GCM)
                  .withRandomId()
                  .makePrimary())
          .build();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("No new key could be added to the keyset", e);
    }
  }
}
