package postern.main;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import postern.testing.Waiting;

/** Every record becomes a whole line. */
class LogTest {
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private final Log log = new Log(new PrintStream(written, false, StandardCharsets.UTF_8));

  private static LogRecord record(Level level, String message) {
    LogRecord record = new LogRecord(level, message);
    record.setLoggerName("postern.request");
    record.setInstant(Instant.parse("2026-11-22T10:00:00.007Z"));
    return record;
  }

  private List<String> lines() {
    return written.toString(StandardCharsets.UTF_8).lines().toList();
  }

  @Test
  void writesTimeLevelLoggerAndMessage() {
    log.publish(record(Level.INFO, "route=/v2/users"));
    assertThat(lines()).isEmpty();
    log.flush();
    assertThat(lines())
        .containsExactly("2026-11-22T10:00:00.007Z INFO postern.request route=/v2/users");
  }

  @Test
  void doesNotLetWarningsWait() {
    log.publish(record(Level.INFO, "first"));
    LogRecord warning = record(Level.WARNING, "second");
    warning.setThrown(new IllegalStateException("why"));
    log.publish(warning);
    assertThat(lines())
        .startsWith(
            "2026-11-22T10:00:00.007Z INFO postern.request first",
            "2026-11-22T10:00:00.007Z WARNING postern.request second",
            "java.lang.IllegalStateException: why");
  }

  @Test
  void writesWithoutBeingToldOnceMuchWaits() {
    String message = "x".repeat(1_000);
    for (int i = 0; i < 100; i++) {
      log.publish(record(Level.INFO, message));
    }
    assertThat(lines()).hasSizeGreaterThan(50).allMatch(line -> line.endsWith(" " + message));
  }

  @Test
  void losesNoLineOfManyThreadsAndKeepsTheOrderOfEach() {
    int threads = 16;
    int each = 1_000;
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int thread = 0; thread < threads; thread++) {
        String name = "thread " + thread + " line ";
        executor.execute(
            () -> {
              for (int i = 0; i < each; i++) {
                log.publish(record(i % 10 == 0 ? Level.WARNING : Level.INFO, name + i));
              }
            });
      }
    }
    log.flush();
    List<String> lines = lines();
    assertThat(lines).hasSize(threads * each);
    for (int thread = 0; thread < threads; thread++) {
      String name = "thread " + thread + " line ";
      assertThat(lines.stream().filter(line -> line.contains(" " + name)))
          .map(line -> line.substring(line.indexOf(name)))
          .containsExactlyElementsOf(IntStream.range(0, each).mapToObj(i -> name + i).toList());
    }
  }

  @Test
  void letsNoLineOvertakeOneThatIsBeingPrinted() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch mayGoOn = new CountDownLatch(1);
    PrintStream slow =
        new PrintStream(written, false, StandardCharsets.UTF_8) {
          @Override
          public void print(String text) {
            if (text.contains("first")) {
              begun.countDown();
              Waiting.on(mayGoOn);
            }
            super.print(text);
          }
        };
    Log slowLog = new Log(slow);
    Thread first = Thread.ofVirtual().start(() -> slowLog.publish(record(Level.WARNING, "first")));
    Waiting.on(begun);
    Thread second =
        Thread.ofVirtual().start(() -> slowLog.publish(record(Level.WARNING, "second")));
    Waiting.until(
        "the second waits or is done",
        () -> second.getState() == Thread.State.WAITING || !second.isAlive());
    mayGoOn.countDown();
    first.join();
    second.join();
    assertThat(lines())
        .map(line -> line.substring(line.lastIndexOf(' ') + 1))
        .containsExactly("first", "second");
  }
}
