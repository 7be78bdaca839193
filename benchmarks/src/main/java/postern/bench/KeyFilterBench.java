package postern.bench;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import postern.core.Principal;
import postern.keys.KeyFilter;
import postern.keys.KeyUsage;
import postern.keys.VerifiedKeys;
import postern.sql.Database;

/**
 * The authentication step alone, with a key of a server that runs and that was seen before; beside
 * the least that it could do, one SHA-256 of the key's text. JMH runs it in JVMs of its own, which
 * find the server by the system properties named here.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class KeyFilterBench {
  static final String DATA_DIR = "postern.bench.data-dir";
  static final String KEY = "postern.bench.key";

  private static final int KEYS_CACHED_MAX = 100_000;

  private final String key = System.getProperty(KEY, "");
  private final Database database = Storage.open(Path.of(System.getProperty(DATA_DIR, "")));
  private final KeyFilter filter =
      new KeyFilter(
          new VerifiedKeys(database, KEYS_CACHED_MAX, () -> true),
          new KeyUsage(database, InstantSource.system()));
  private final Optional<String> basic = Optional.of(Account.basic(key));
  private final Optional<String> bearer = Optional.of("Bearer " + key);
  private final MessageDigest sha256;
  private final Cache<Digest, String> cache = Caffeine.newBuilder().maximumSize(1_000).build();

  /** As short a key of a cache as a digest can be. */
  private record Digest(long a, long b, long c, long d) {
    static Digest of(byte[] sha256) {
      ByteBuffer bytes = ByteBuffer.wrap(sha256);
      return new Digest(bytes.getLong(), bytes.getLong(), bytes.getLong(), bytes.getLong());
    }
  }

  /** Connects to the server's PostgreSQL. */
  public KeyFilterBench() {
    try {
      sha256 = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Has the key looked up once, and makes sure that both forms are let in. */
  @Setup(Level.Trial)
  public void prepare() {
    cache.put(Digest.of(sha256()), key);
    if (!basic().equals(bearer())) {
      throw new IllegalStateException("two callers with one key");
    }
  }

  @TearDown(Level.Trial)
  public void close() {
    database.close();
  }

  /** The form that the official clients send. */
  @Benchmark
  public Principal basic() {
    return filter.authenticate(basic, () -> {});
  }

  @Benchmark
  public Principal bearer() {
    return filter.authenticate(bearer, () -> {});
  }

  /** The yardstick of what is allocated: the least that a look-up by digest takes. */
  @Benchmark
  public Optional<String> lookUp() {
    return Optional.ofNullable(cache.getIfPresent(Digest.of(sha256())));
  }

  /** The yardstick of time: a digest that is made once and used again. */
  @Benchmark
  public byte[] sha256() {
    return sha256.digest(key.getBytes(StandardCharsets.ISO_8859_1));
  }
}
