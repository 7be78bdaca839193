package postern.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import postern.core.ApiException;
import postern.testing.Waiting;

class LinesTest {
  private static final int WAITING_MAX = 3;

  @Test
  void aNameHasOneTurnAndAShortQueueAndLeavesOthersAlone() throws Exception {
    Lines lines = new Lines(WAITING_MAX, Duration.ofMinutes(1));
    CountDownLatch end = new CountDownLatch(1);
    AtomicInteger refused = new AtomicInteger();
    AtomicInteger computing = new AtomicInteger();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 10; i++) {
        threads.execute(
            () -> {
              try {
                lines.inTurn(
                    List.of("family", "network"),
                    () -> {
                      computing.incrementAndGet();
                      Waiting.on(end);
                      return true;
                    });
              } catch (ApiException.RetryLater e) {
                refused.incrementAndGet();
              }
            });
      }
      Waiting.until("the others are refused", () -> refused.get() == 10 - WAITING_MAX - 1);
      assertThat(computing).hasValueLessThanOrEqualTo(1);
      assertThat(lines.inTurn(List.of("another family", "another"), () -> true)).isTrue();
      assertThat(lines.inTurn(List.of("another family"), () -> true)).isTrue();
      end.countDown();
    }
    assertThat(computing).hasValue(WAITING_MAX + 1);
    assertThat(lines.inTurn(List.of("family", "network"), () -> true)).isTrue();
  }

  @Test
  void aWaitEnds() {
    Lines lines = new Lines(WAITING_MAX, Duration.ofMillis(5));
    lines.inTurn(
        List.of("one"),
        () ->
            assertThatThrownBy(() -> lines.inTurn(List.of("one"), () -> true))
                .isInstanceOf(ApiException.RetryLater.class));
  }
}
