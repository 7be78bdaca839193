package postern.main;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class OldGenerationTest {
  private final AtomicLong used = new AtomicLong(30);
  private final AtomicLong alive = new AtomicLong(20);
  private final AtomicInteger collections = new AtomicInteger();
  private final OldGeneration old = new OldGeneration(used::get, this::collect);

  private void collect() {
    collections.incrementAndGet();
    used.set(alive.get());
  }

  @Test
  void collectsAfterTheStartAndThenWhatHasGrownByHalf() {
    old.collectIfGrown();
    assertThat(collections).hasValue(1);
    used.set(30);
    old.collectIfGrown();
    assertThat(collections).hasValue(1);
    used.set(31);
    old.collectIfGrown();
    assertThat(collections).hasValue(2);
  }

  @Test
  void leavesALargerHeapAloneWhereMoreIsAlive() {
    alive.set(100);
    used.set(101);
    old.collectIfGrown();
    for (int i = 0; i < 10; i++) {
      used.set(150);
      old.collectIfGrown();
    }
    assertThat(collections).hasValue(1);
  }
}
