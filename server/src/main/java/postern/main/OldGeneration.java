package postern.main;

import java.lang.management.ManagementFactory;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Has the old generation of the heap collected before it is much larger than what is alive in it.
 * The serial collector by itself lets it grow up to {@code -Xmx}, and keeps what it has taken. For
 * one thread.
 */
final class OldGeneration {
  /** As the serial collector calls it; others look after their heaps themselves. */
  private static final String NAME = "Tenured Gen";

  private final LongSupplier usedBytes;
  private final Runnable collector;
  private long limitBytes;

  OldGeneration(LongSupplier usedBytes, Runnable collector) {
    this.usedBytes = usedBytes;
    this.collector = collector;
  }

  /** That of this process; nothing where another collector is at work. */
  static Optional<OldGeneration> ofThisProcess() {
    return ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(pool -> pool.getName().equals(NAME))
        .findFirst()
        .map(pool -> new OldGeneration(() -> pool.getUsage().getUsed(), System::gc));
  }

  /**
   * Collects the whole heap if the old generation has grown by half since it was collected. The
   * first time this takes away what the start has left.
   */
  void collectIfGrown() {
    if (usedBytes.getAsLong() > limitBytes) {
      collector.run();
      limitBytes = usedBytes.getAsLong() * 3 / 2;
    }
  }
}
