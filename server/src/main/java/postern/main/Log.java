package postern.main;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.jspecify.annotations.Nullable;
import postern.core.Masked;

/**
 * Writes log records as lines: time, level, logger, message. Lines wait a tenth of a second for
 * others, so that a busy server does not make a system call for each; warnings do not wait.
 */
final class Log extends Handler {
  private static final int HELD_CHARS_MAX = 16 * 1_024;
  private static final int PAUSE_MS = 100;

  private static final Formatter FORMATTER = new SimpleFormatter();

  private static @Nullable Log installed;

  private final PrintStream target;

  /** Guards itself and the time that was written last. */
  private final StringBuilder held = new StringBuilder(HELD_CHARS_MAX);

  /** Held by who takes lines and prints them, so that nobody's later lines overtake them. */
  private final ReentrantLock printing = new ReentrantLock();

  private long lastSecond = Long.MIN_VALUE;
  private String lastSecondText = "";

  Log(PrintStream target) {
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
    String message = masked(messageOf(record), record.getLevel());
    String trace = record.getThrown() == null ? "" : Masked.in(traceOf(record.getThrown()));
    synchronized (held) {
      // Straight to where it waits: most records are the one line of a request.
      appendTime(record.getMillis());
      held.append(' ').append(record.getLevel().getName()).append(' ');
      held.append(record.getLoggerName()).append(' ');
      held.append(message).append('\n').append(trace);
      if (held.length() < HELD_CHARS_MAX
          && record.getLevel().intValue() < Level.WARNING.intValue()) {
        return;
      }
    }
    flush();
  }

  @Override
  public void flush() {
    printing.lock();
    try {
      String text;
      synchronized (held) {
        text = held.toString();
        held.setLength(0);
      }
      target.print(text);
      target.flush();
    } finally {
      printing.unlock();
    }
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

  /** ISO 8601 in UTC with milliseconds. Formatting a moment costs more than the rest of a line. */
  private void appendTime(long millis) {
    long second = Math.floorDiv(millis, 1_000L);
    if (second != lastSecond) {
      lastSecond = second;
      String text = Instant.ofEpochSecond(second).toString();
      lastSecondText = text.substring(0, text.length() - "Z".length());
    }
    int fraction = (int) Math.floorMod(millis, 1_000L);
    held.append(lastSecondText).append('.');
    held.append((char) ('0' + fraction / 100));
    held.append((char) ('0' + fraction / 10 % 10));
    held.append((char) ('0' + fraction % 10)).append('Z');
  }

  private static String messageOf(LogRecord record) {
    boolean isPlain = record.getParameters() == null && record.getResourceBundle() == null;
    return isPlain ? String.valueOf(record.getMessage()) : FORMATTER.formatMessage(record);
  }

  /** The line of a request holds no URL of the operator's, and there are thousands a second. */
  private static String masked(String message, Level level) {
    boolean mayHoldUrl = level.intValue() >= Level.WARNING.intValue() || message.contains("//");
    return mayHoldUrl ? Masked.in(message) : message;
  }

  private static String traceOf(Throwable thrown) {
    StringWriter trace = new StringWriter();
    thrown.printStackTrace(new PrintWriter(trace));
    return trace.toString();
  }
}
