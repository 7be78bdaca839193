package postern.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import postern.testing.Waiting;

/** What is remembered, for how long, and what no interleaving brings back. */
class ReadCacheTest {
  private static final Duration AGE_MAX = Duration.ofMillis(900);

  private final AtomicLong nanoTime = new AtomicLong(Long.MAX_VALUE - 5);
  private final ReadCache<String, String> cache =
      new ReadCache<>(1_000, value -> 1, 1_000, AGE_MAX, nanoTime::get);

  private Optional<String> remembered(String key) {
    Optional<String> known = cache.known(key);
    return known == null ? Optional.of("unknown") : known;
  }

  @Test
  void remembersWhatWasFoundAndThatNothingWas() {
    assertThat(remembered("a")).contains("unknown");
    assertThat(cache.read("a", () -> Optional.of("1"))).contains("1");
    assertThat(cache.read("b", Optional::empty)).isEmpty();
    assertThat(remembered("a")).contains("1");
    assertThat(remembered("b")).isEmpty();
    assertThat(cache.read("b", () -> Optional.of("2"))).contains("2");
    assertThat(remembered("b")).contains("2");
    assertThat(cache.read("a", Optional::empty)).isEmpty();
    assertThat(remembered("a")).isEmpty();
  }

  @Test
  void forgetsSomeOrAll() {
    for (String key : List.of("a", "b", "c")) {
      cache.read(key, () -> Optional.of(key));
    }
    cache.forget(List.of("a", "never seen"));
    assertThat(remembered("a")).contains("unknown");
    assertThat(remembered("b")).contains("b");
    cache.forgetAll();
    assertThat(remembered("b")).contains("unknown");
    assertThat(remembered("c")).contains("unknown");
  }

  @Test
  void usesAValueForItsTimeCountedFromTheBeginningOfTheRead() {
    cache.read(
        "a",
        () -> {
          nanoTime.addAndGet(AGE_MAX.toNanos() - 1);
          return Optional.of("1");
        });
    assertThat(remembered("a")).contains("1");
    nanoTime.incrementAndGet();
    assertThat(remembered("a")).contains("unknown");
  }

  @Test
  void doesNotRememberAFailure() {
    assertThatThrownBy(
            () ->
                cache.read(
                    "a",
                    () -> {
                      throw new IllegalStateException("no database");
                    }))
        .hasMessage("no database");
    assertThat(remembered("a")).contains("unknown");
    assertThat(cache.read("a", () -> Optional.of("1"))).contains("1");
  }

  /** A read on a thread of its own that goes on when it is told what to find. */
  private final class SlowRead {
    final CountDownLatch begun = new CountDownLatch(1);
    final CountDownLatch told = new CountDownLatch(1);
    final Future<Optional<String>> result;
    volatile Optional<String> found = Optional.empty();

    SlowRead(ExecutorService threads, String key) throws InterruptedException {
      result =
          threads.submit(
              () ->
                  cache.read(
                      key,
                      () -> {
                        begun.countDown();
                        Waiting.on(told);
                        return found;
                      }));
      assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
    }

    Optional<String> ends(String value) throws Exception {
      found = Optional.of(value);
      told.countDown();
      return result.get(10, TimeUnit.SECONDS);
    }
  }

  @Test
  void doesNotRememberWhatWasReadBeforeItWasForgotten() throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      SlowRead before = new SlowRead(threads, "a");
      cache.forget(List.of("a"));
      assertThat(cache.read("a", () -> Optional.of("new"))).contains("new");
      assertThat(before.ends("old")).contains("old");
      assertThat(remembered("a")).contains("new");

      SlowRead another = new SlowRead(threads, "b");
      cache.forgetAll();
      assertThat(another.ends("old")).contains("old");
      assertThat(remembered("b")).contains("unknown");
    }
  }

  @Test
  void sharesAReadThatIsUnderWayUnlessItBeganTooLongAgo() throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      SlowRead first = new SlowRead(threads, "a");
      Future<Optional<String>> second =
          threads.submit(() -> cache.read("a", () -> Optional.of("not shared")));
      assertThatThrownBy(() -> second.get(50, TimeUnit.MILLISECONDS))
          .isInstanceOf(java.util.concurrent.TimeoutException.class);
      nanoTime.addAndGet(AGE_MAX.toNanos());
      assertThat(cache.read("a", () -> Optional.of("later"))).contains("later");
      assertThat(first.ends("shared")).contains("shared");
      assertThat(second.get(10, TimeUnit.SECONDS)).contains("shared");
      assertThat(remembered("a")).contains("later");
    }
  }

  /**
   * Writers raise numbers and forget them, then say so; readers never see less than what was said
   * before they asked.
   */
  @Test
  void neverServesWhatIsOlderThanTheLastFinishedChange() throws Exception {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    int keys = 4;
    int rounds = 20_000;
    ReadCache<Integer, Long> numbers =
        new ReadCache<>(1_000, value -> 1, 1_000, ReadCache.FOR_EVER, System::nanoTime);
    AtomicLongArray stored = new AtomicLongArray(keys);
    AtomicLongArray said = new AtomicLongArray(keys);
    AtomicInteger fromMemory = new AtomicInteger();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < keys; i++) {
        int key = i;
        all.add(threads.submit(() -> write(numbers, key, rounds, stored, said)));
      }
      for (int i = 0; i < 8; i++) {
        Random random = new Random(seed + i);
        all.add(
            threads.submit(
                () -> {
                  for (int round = 0; round < rounds; round++) {
                    int key = random.nextInt(keys);
                    long least = said.get(key);
                    Optional<Long> known = numbers.known(key);
                    if (known != null) {
                      fromMemory.incrementAndGet();
                    }
                    long seen =
                        (known != null
                                ? known
                                : numbers.read(key, () -> slowly(stored, key, random)))
                            .orElseThrow();
                    assertThat(seen).isGreaterThanOrEqualTo(least);
                  }
                }));
      }
      for (Future<?> each : all) {
        each.get(60, TimeUnit.SECONDS);
      }
    }
    assertThat(fromMemory.get()).isGreaterThan(100);
  }

  private static void write(
      ReadCache<Integer, Long> numbers,
      int key,
      int rounds,
      AtomicLongArray stored,
      AtomicLongArray said) {
    for (long number = 1; number <= rounds / 10; number++) {
      stored.set(key, number);
      numbers.forget(List.of(key));
      said.set(key, number);
      LockSupport.parkNanos(1_000);
    }
  }

  private static Optional<Long> slowly(AtomicLongArray stored, int key, Random random) {
    long value = stored.get(key);
    for (int pause = random.nextInt(4); pause > 0; pause--) {
      LockSupport.parkNanos(1_000);
    }
    return Optional.of(value);
  }
}
