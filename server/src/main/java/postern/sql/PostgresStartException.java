package postern.sql;

/**
 * The embedded PostgreSQL cannot be started or prepared. The message is for the operator: what is
 * wrong and what to do about it.
 */
public final class PostgresStartException extends RuntimeException {

  PostgresStartException(String message) {
    super(message);
  }

  PostgresStartException(String message, Throwable cause) {
    super(message, cause);
  }
}
