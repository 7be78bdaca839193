package postern.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Remembers what was read, and that nothing was there, until it is told to forget. Safe for many
 * threads.
 *
 * <p>Whoever changes something calls {@link #forget} after the commit and before the change is
 * answered. A read that begins later must see the change, also where another read of the same was
 * under way then. So what a read has found is remembered only while it is still known as the one
 * under way for its key, and forgetting makes it unknown: whoever reads before the commit is
 * forgotten after it, whoever reads later sees it. Those who want what is just being read share
 * that read, and its failure.
 *
 * @param <K> what is looked up by; never a secret, since it stays in memory
 * @param <V> what is remembered
 */
public final class ReadCache<K, V> {
  /** For what is true until somebody says otherwise. */
  public static final Duration FOR_EVER = Duration.ofNanos(Long.MAX_VALUE);

  /** What a read has found, and when that read began. */
  private record Remembered<V>(Optional<V> value, long begunNanos) {}

  /** A read that is under way. */
  private static final class Reading<V> {
    private final CompletableFuture<Optional<V>> result = new CompletableFuture<>();
    private final long begunNanos;

    Reading(long begunNanos) {
      this.begunNanos = begunNanos;
    }
  }

  // Two caches: a flood of invented keys pushes nothing out that is there.
  private final Cache<K, Remembered<V>> present;
  private final Cache<K, Remembered<V>> absent;
  private final ConcurrentMap<K, Reading<V>> underWay = new ConcurrentHashMap<>();
  private final long ageMaxNanos;
  private final LongSupplier nanoTime;

  /**
   * An empty cache.
   *
   * @param weightMax how much is remembered of what is there; the least used goes first
   * @param weight of a value, in the unit of {@code weightMax}
   * @param absentMax of how many keys is remembered that nothing is there
   * @param ageMax for how long after its read has begun a value is used
   * @param nanoTime as {@link System#nanoTime}
   */
  public ReadCache(
      long weightMax,
      ToIntFunction<V> weight,
      long absentMax,
      Duration ageMax,
      LongSupplier nanoTime) {
    this.present =
        Caffeine.newBuilder()
            .maximumWeight(weightMax)
            .weigher((K key, Remembered<V> of) -> of.value().map(weight::applyAsInt).orElseThrow())
            .build();
    this.absent = Caffeine.newBuilder().maximumSize(absentMax).build();
    this.ageMaxNanos = ageMax.toNanos();
    this.nanoTime = nanoTime;
  }

  /** What is remembered: a value, or that there is none; null where neither is. */
  @SuppressWarnings("NullableOptional") // Three answers, and no object made for any of them.
  public @Nullable Optional<V> known(K key) {
    Remembered<V> found = present.getIfPresent(key);
    if (found == null) {
      found = absent.getIfPresent(key);
    }
    return found == null || isOld(found.begunNanos()) ? null : found.value();
  }

  private boolean isOld(long begunNanos) {
    return nanoTime.getAsLong() - begunNanos >= ageMaxNanos;
  }

  /**
   * Reads, and remembers what was found unless it is forgotten meanwhile.
   *
   * @param read reads what there is at some moment after its call
   */
  public Optional<V> read(K key, Supplier<Optional<V>> read) {
    Reading<V> own = new Reading<>(nanoTime.getAsLong());
    Reading<V> other =
        underWay.compute(
            key, (same, known) -> known == null || isOld(known.begunNanos) ? own : known);
    return other == own ? readAs(own, key, read) : resultOf(other);
  }

  private Optional<V> readAs(Reading<V> own, K key, Supplier<Optional<V>> read) {
    try {
      Optional<V> found = read.get();
      underWay.computeIfPresent(
          key,
          (same, current) -> {
            if (current == own) {
              remember(same, new Remembered<>(found, own.begunNanos));
            }
            return current;
          });
      own.result.complete(found);
      return found;
    } catch (RuntimeException | Error e) {
      own.result.completeExceptionally(e);
      throw e;
    } finally {
      underWay.remove(key, own);
    }
  }

  private void remember(K key, Remembered<V> found) {
    if (found.value().isPresent()) {
      present.put(key, found);
      absent.invalidate(key);
    } else {
      absent.put(key, found);
      present.invalidate(key);
    }
  }

  private static <V> Optional<V> resultOf(Reading<V> reading) {
    try {
      return reading.result.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw e;
    }
  }

  /** Forgets what is remembered under some keys, and lets nobody remember what is being read. */
  public void forget(List<K> keys) {
    for (K key : keys) {
      underWay.compute(
          key,
          (same, reading) -> {
            present.invalidate(same);
            absent.invalidate(same);
            return null;
          });
    }
  }

  /** Forgets everything, as {@link #forget} does. */
  public void forgetAll() {
    forget(List.copyOf(underWay.keySet()));
    present.invalidateAll();
    absent.invalidateAll();
  }
}
