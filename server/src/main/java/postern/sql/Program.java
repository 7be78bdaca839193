package postern.sql;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Runs a small program of the system or of PostgreSQL to its end. */
final class Program {

  // initdb takes half a second; a cold, busy disk may take much longer.
  private static final Duration LIMIT = Duration.ofMinutes(2);

  // Not the caller's whole environment: it may hold secrets, and PG* and LC_* would steer.
  private static final Set<String> ENVIRONMENT =
      Set.of("PATH", "SystemRoot", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR");

  private Program() {}

  /**
   * What a program left.
   *
   * @param exitCode 0 when all went well
   * @param output what it wrote, standard output and errors together
   */
  record Result(int exitCode, String output) {
    boolean succeeded() {
      return exitCode == 0;
    }
  }

  /** Waits two minutes at most. A program that cannot be started counts as failed. */
  static Result run(ProcessBuilder builder) {
    cleanEnvironment(builder);
    builder.redirectErrorStream(true);
    builder.redirectInput(Redirects.NOTHING);
    try {
      Process process = builder.start();
      if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
        return new Result(-1, "did not end within " + LIMIT.toSeconds() + " s");
      }
      return new Result(
          process.exitValue(), new String(process.getInputStream().readAllBytes(), UTF_8));
    } catch (IOException e) {
      return new Result(-1, String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PostgresStartException("Interrupted while PostgreSQL was being started.", e);
    }
  }

  /** Leaves the process little but the path, and makes it speak English. */
  static void cleanEnvironment(ProcessBuilder builder) {
    builder.environment().keySet().retainAll(ENVIRONMENT);
    builder.environment().put("LC_ALL", "C");
  }

  /** Sends a signal such as {@code INT}, which Java's own process handles cannot. */
  static void signal(String signal, long pid) {
    run(new ProcessBuilder("sh", "-c", "kill -\"$0\" \"$1\"", signal, Long.toString(pid)));
  }

  private static final class Redirects {
    private static final ProcessBuilder.Redirect NOTHING =
        ProcessBuilder.Redirect.from(new File(Platform.isWindows() ? "NUL" : "/dev/null"));
  }
}
