package postern.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ProcessorTimeTest {
  @Test
  void readsAProcessWithAnyName() {
    String stat = "4711 (a) b (c)) S 42 1 1 0 -1 0 0 0 0 0 100 20 3 4 20 0 1 0 5 6 7 8 9 10 11 12";
    assertThat(ProcessorTime.usage(stat)).isEqualTo(new ProcessorTime.Usage(4711, 42, 127));
  }

  @Test
  void othersAreWhoDoesNotDescendFromUs() {
    List<ProcessorTime.Usage> usages =
        List.of(
            new ProcessorTime.Usage(1, 0, 5),
            new ProcessorTime.Usage(2, 0, 1_000),
            new ProcessorTime.Usage(3, 2, 1_000),
            new ProcessorTime.Usage(10, 1, 7),
            new ProcessorTime.Usage(11, 10, 100),
            new ProcessorTime.Usage(12, 11, 100),
            new ProcessorTime.Usage(13, 1, 11));
    // 10 started us, 11; 12 is ours; 2 and 3 are the kernel's threads.
    assertThat(ProcessorTime.of("cpu  1 2 3 4 5 6 7 8 100 100\ncpu0 1", usages, 11))
        .isEqualTo(new ProcessorTime(36, 8, 5 + 7 + 11));
  }

  @Test
  void noiseIsAPartOfAllTime() {
    ProcessorTime before = new ProcessorTime(1_000, 10, 50);
    ProcessorTime after = new ProcessorTime(2_000, 30, 90);
    assertThat(after.since(before, 0.2)).isEqualTo(new Noise(0.2, 0.02, 0.04));
  }

  @Test
  void passesOnThisMachine() {
    ProcessorTime before = ProcessorTime.now();
    long end = System.nanoTime() + 50_000_000;
    while (System.nanoTime() < end) {
      Thread.onSpinWait();
    }
    assertThat(ProcessorTime.now().total()).isGreaterThan(before.total());
  }
}
