package postern.core;

import java.time.Duration;
import java.util.List;

/**
 * A refusal that ends the request. It carries nothing that the caller may not read, and no stack
 * trace: a refusal is an answer, not a fault.
 */
public abstract sealed class ApiException extends RuntimeException {
  private final ErrorCode code;

  private ApiException(ErrorCode code) {
    super(code.code(), null, false, false);
    this.code = code;
  }

  public ErrorCode code() {
    return code;
  }

  /** The request is refused as a whole. */
  public static final class Refused extends ApiException {
    public Refused(ErrorCode code) {
      super(code);
    }
  }

  /** Some parameters are wrong: all of them are named at once. */
  public static final class Invalid extends ApiException {
    private final transient List<FieldError> errors;

    public Invalid(ErrorCode code, List<FieldError> errors) {
      super(code);
      this.errors = List.copyOf(errors);
    }

    public Invalid(ErrorCode code, String field, String message) {
      this(code, List.of(new FieldError(field, message)));
    }

    public List<FieldError> errors() {
      return errors;
    }
  }

  /** The same request may succeed later. */
  public static final class RetryLater extends ApiException {
    private final Duration after;

    public RetryLater(ErrorCode code, Duration after) {
      super(code);
      this.after = after;
    }

    /** How long to wait before trying again. */
    public Duration after() {
      return after;
    }
  }
}
