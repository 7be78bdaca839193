package postern.sql;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import postern.core.ApiException;
import postern.core.ErrorCode;

/**
 * The database refused a statement or could not take it. Carries the SQLSTATE and the server's
 * sentence, never the values of a statement: these may be secrets.
 */
public final class DatabaseException extends RuntimeException {
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  /** The classes and codes that say "not now" and not "not this": see PostgreSQL's appendix A. */
  private static final Set<String> UNAVAILABLE_CLASSES = Set.of("08", "53", "57", "58");

  private static final String DISK_FULL = "53100";

  /** Reads go on on a full disk: only a write that failed tells. One for all pools of a process. */
  private static volatile boolean diskWasFull;

  private final String sqlState;

  private DatabaseException(String sqlState, String message) {
    super(message);
    this.sqlState = sqlState;
  }

  /**
   * A refusal for the caller where the database is out of reach, else an exception of this type.
   */
  static RuntimeException of(SQLException e) {
    String state = e.getSQLState() == null ? "" : e.getSQLState();
    if (isUnavailable(e, state)) {
      if (state.equals(DISK_FULL)) {
        diskWasFull = true;
      }
      System.getLogger(Database.class.getName())
          .log(System.Logger.Level.WARNING, "the database is unavailable: {0}", firstLine(e));
      return new ApiException.RetryLater(ErrorCode.SERVICE_UNAVAILABLE, RETRY_AFTER);
    }
    return new DatabaseException(state, "SQLSTATE " + state + ": " + firstLine(e));
  }

  private static boolean isUnavailable(SQLException e, String state) {
    return e instanceof java.sql.SQLTransientConnectionException
        || (state.length() == 5 && UNAVAILABLE_CLASSES.contains(state.substring(0, 2)));
  }

  /** Whether a write has found the disk full since {@link #diskHasRoom}. */
  static boolean diskWasFull() {
    return diskWasFull;
  }

  /** Says that a write has found room. */
  static void diskHasRoom() {
    diskWasFull = false;
  }

  /**
   * The sentence of an exception, and of the refusal behind it where the pool has none to give. The
   * lines after the first are detail, and detail quotes values.
   */
  static String firstLine(SQLException e) {
    String sentence = firstLine(e.getMessage());
    return e instanceof java.sql.SQLTransientConnectionException
            && e.getCause() instanceof SQLException cause
        ? sentence + ": " + firstLine(cause.getMessage())
        : sentence;
  }

  private static String firstLine(@Nullable String message) {
    String text = String.valueOf(message);
    int end = text.indexOf('\n');
    return end < 0 ? text : text.substring(0, end);
  }

  /** Whether the same transaction may well succeed when it is run again. */
  boolean isWorthRetrying() {
    return sqlState.equals("40001") || sqlState.equals("40P01");
  }

  /** Whether a row with the same unique value stands already. */
  public boolean isDuplicate() {
    return sqlState.equals("23505");
  }
}
