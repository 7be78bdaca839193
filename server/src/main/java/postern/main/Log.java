package postern.main;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Writes log records as lines: time, level, logger, message. Lines wait a tenth of a second for
 * others, so that a busy server does not make a system call for each; warnings do not wait.
 */
final class Log extends Handler {
  private static final int HELD_CHARS_MAX = 16 * 1_024;
  private static final int PAUSE_MS = 100;

  private static @Nullable Log installed;

  private final PrintStream target;
  private final StringBuilder held = new StringBuilder();

  private Log(PrintStream target) {
    this.target = target;
  }

  /** Has everything that is logged written to a stream; records below a level are dropped. */
  static void install(PrintStream target, Level level) {
    Log log = new Log(target);
    LogManager.getLogManager().reset();
    Logger root = Logger.getLogger("");
    root.setLevel(Level.WARNING);
    root.addHandler(log);
    Logger own = Logger.getLogger("postern");
    own.setLevel(level);
    // Warns, with its stack, of each connection that ends in the middle of a request.
    Logger connection = Logger.getLogger("io.helidon.webserver.http1.Http1Connection");
    connection.setLevel(Level.SEVERE);
    KEPT = List.of(own, connection);
    installed = log;
    Thread.ofPlatform().daemon().name("log").start(log::flushForever);
  }

  /** Loggers are weakly held by the JDK: a level set on a forgotten one is lost. */
  @SuppressWarnings("UnusedVariable")
  private static List<Logger> KEPT = List.of();

  /** Writes out what waits. */
  static void flushAll() {
    Log log = installed;
    if (log != null) {
      log.flush();
    }
  }

  @Override
  public void publish(LogRecord record) {
    if (!isLoggable(record)) {
      return;
    }
    String line = lineOf(record);
    synchronized (held) {
      held.append(line);
      if (held.length() < HELD_CHARS_MAX
          && record.getLevel().intValue() < Level.WARNING.intValue()) {
        return;
      }
    }
    flush();
  }

  @Override
  public void flush() {
    String text;
    synchronized (held) {
      text = held.toString();
      held.setLength(0);
    }
    target.print(text);
    target.flush();
  }

  @Override
  public void close() {
    flush();
  }

  private void flushForever() {
    while (true) {
      try {
        Thread.sleep(PAUSE_MS);
      } catch (InterruptedException e) {
        return;
      }
      flush();
    }
  }

  private static String lineOf(LogRecord record) {
    StringBuilder line = new StringBuilder(200);
    line.append(Instant.ofEpochMilli(record.getMillis()).truncatedTo(ChronoUnit.MILLIS));
    line.append(' ').append(record.getLevel().getName()).append(' ');
    line.append(record.getLoggerName()).append(' ');
    line.append(new java.util.logging.SimpleFormatter().formatMessage(record)).append('\n');
    if (record.getThrown() != null) {
      StringWriter trace = new StringWriter();
      record.getThrown().printStackTrace(new PrintWriter(trace));
      line.append(trace);
    }
    return line.toString();
  }
}
