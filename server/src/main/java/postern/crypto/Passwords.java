package postern.crypto;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;
import postern.core.ApiException;
import postern.core.ErrorCode;
import postern.core.IpAddresses;
import postern.core.Origin;

/**
 * Hashes passwords with Argon2id and checks them. Each computation takes 19 MiB and some tens of
 * milliseconds, so only a few run at once; the others wait in order, for a bounded time. A family
 * and a network have one computation at a time, and a short queue of their own before it.
 * Thread-safe.
 */
public final class Passwords {
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  private static final int MEMORY_KIB = 19_456;
  private static final int PASSES = 2;
  private static final int LANES = 1;
  private static final int SALT_BYTES = 16;
  private static final int HASH_BYTES = 32;
  private static final int PASSWORD_CHARS_MAX = 4_096;

  private static final int COMPUTING_MAX = 2;
  private static final int WAITING_MAX = 32;
  private static final int WAITING_IN_LINE_MAX = 8;
  private static final Duration WAIT_MAX = Duration.ofSeconds(5);

  private final SecureRandom random = new SecureRandom();
  private final Lines lines;
  private final Semaphore computing;
  private final Semaphore admitted;
  private final Duration waitMax;
  private final PhcString decoy;

  /** Two computations at once, 32 callers waiting, each for 5 s at most. */
  public Passwords() {
    this(COMPUTING_MAX, WAITING_MAX, WAIT_MAX);
  }

  /**
   * @param computingMax computations at once, 19 MiB each
   * @param waitingMax callers that may wait for their turn
   * @param waitMax how long each of them waits
   */
  public Passwords(int computingMax, int waitingMax, Duration waitMax) {
    this.lines = new Lines(WAITING_IN_LINE_MAX, waitMax);
    this.computing = new Semaphore(computingMax, true);
    this.admitted = new Semaphore(Math.addExact(computingMax, waitingMax));
    this.waitMax = waitMax;
    // A random hash: no password leads to it, and making it costs nothing.
    this.decoy =
        new PhcString(MEMORY_KIB, PASSES, LANES, randomBytes(SALT_BYTES), randomBytes(HASH_BYTES));
  }

  /** As {@link #hash(char[])}. */
  public String hash(String password) {
    return hash(password.toCharArray());
  }

  /**
   * A new PHC string for {@code password}, with a random salt.
   *
   * @throws ApiException.RetryLater when too many callers wait, or this one has waited too long
   * @throws IllegalArgumentException when the password is longer than 4,096 characters
   */
  public String hash(char[] password) {
    if (password.length > PASSWORD_CHARS_MAX) {
      throw new IllegalArgumentException("A password longer than 4,096 characters is not hashed");
    }
    byte[] salt = randomBytes(SALT_BYTES);
    var blank = new PhcString(MEMORY_KIB, PASSES, LANES, salt, new byte[HASH_BYTES]);
    byte[] hash = inTurn(() -> compute(password, blank));
    return new PhcString(MEMORY_KIB, PASSES, LANES, salt, hash).text();
  }

  /** As {@link #verify(char[], String)}. */
  public boolean verify(String password, String phc) {
    return verify(password.toCharArray(), phc);
  }

  /**
   * Whether {@code phc} was made from {@code password}; the comparison takes the same time wherever
   * they differ.
   *
   * @throws ApiException.RetryLater when too many callers wait, or this one has waited too long
   * @throws IllegalArgumentException when {@code phc} is not an Argon2id PHC string, or asks for
   *     more than 64 MiB, 10 passes or 4 lanes
   */
  public boolean verify(char[] password, String phc) {
    return matches(password, PhcString.parse(phc));
  }

  /**
   * Takes as long as {@link #verify} and is always false: for an account that does not exist or has
   * no password, so that the time of the answer does not tell.
   */
  public boolean verifyDecoy(String password) {
    return matches(password.toCharArray(), decoy);
  }

  /** Whether {@code phc} should be replaced at the next login, since today's parameters differ. */
  public boolean needsRehash(String phc) {
    PhcString stored = PhcString.parse(phc);
    return stored.memoryKib() != MEMORY_KIB
        || stored.passes() != PASSES
        || stored.lanes() != LANES
        || stored.salt().length < SALT_BYTES
        || stored.hash().length < HASH_BYTES;
  }

  private boolean matches(char[] password, PhcString stored) {
    if (password.length > PASSWORD_CHARS_MAX) {
      return false;
    }
    byte[] hash = inTurn(() -> compute(password, stored));
    return MessageDigest.isEqual(hash, stored.hash());
  }

  private <T> T inTurn(Supplier<T> computation) {
    return lines.inTurn(names(), () -> inSharedTurn(computation));
  }

  /** Who computes: the family first, so that its queue fills no network's. */
  private static List<String> names() {
    Origin origin = Origin.current();
    List<String> names = new ArrayList<>(2);
    origin.caller().ifPresent(caller -> names.add("family " + caller.root()));
    if (!origin.address().isEmpty()) {
      names.add("network " + IpAddresses.network(origin.address()));
    }
    return names;
  }

  private <T> T inSharedTurn(Supplier<T> computation) {
    if (!admitted.tryAcquire()) {
      throw new ApiException.RetryLater(ErrorCode.SERVICE_UNAVAILABLE, RETRY_AFTER);
    }
    try {
      acquireTurn();
      try {
        return computation.get();
      } finally {
        computing.release();
      }
    } finally {
      admitted.release();
    }
  }

  private void acquireTurn() {
    try {
      if (!computing.tryAcquire(waitMax.toNanos(), TimeUnit.NANOSECONDS)) {
        throw new ApiException.RetryLater(ErrorCode.SERVICE_UNAVAILABLE, RETRY_AFTER);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ApiException.RetryLater(ErrorCode.SERVICE_UNAVAILABLE, RETRY_AFTER);
    }
  }

  private static byte[] compute(char[] password, PhcString like) {
    var generator = new Argon2BytesGenerator();
    generator.init(
        new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
            .withVersion(Argon2Parameters.ARGON2_VERSION_13)
            .withMemoryAsKB(like.memoryKib())
            .withIterations(like.passes())
            .withParallelism(like.lanes())
            .withSalt(like.salt())
            .build());
    byte[] hash = new byte[like.hash().length];
    byte[] bytes = utf8(password);
    generator.generateBytes(bytes, hash);
    Arrays.fill(bytes, (byte) 0);
    return hash;
  }

  private static byte[] utf8(char[] password) {
    ByteBuffer encoded = UTF_8.encode(CharBuffer.wrap(password));
    byte[] bytes = new byte[encoded.remaining()];
    encoded.get(bytes);
    encoded.clear().put(new byte[encoded.capacity()]);
    return bytes;
  }

  private byte[] randomBytes(int count) {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    return bytes;
  }
}
