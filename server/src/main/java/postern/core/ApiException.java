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
    private final String policy;

    public RetryLater(ErrorCode code, Duration after) {
      this(code, after, "");
    }

    /**
     * Makes it for a limit.
     *
     * @param policy the name of the limit that is reached; empty for none that has one
     */
    public RetryLater(ErrorCode code, Duration after, String policy) {
      super(code);
      this.after = after;
      this.policy = policy;
    }

    /** The name of the limit that is reached; empty where it has none. */
    public String policy() {
      return policy;
    }

    /** How long to wait before trying again. */
    public Duration after() {
      return after;
    }
  }
}
