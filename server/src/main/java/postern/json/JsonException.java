package postern.json;

import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;

/**
 * The text is not the JSON that we read: broken, too deep, or with the same member twice. The
 * message tells where, and nothing of the text.
 */
public final class JsonException extends Exception {
  private final String problem;

  JsonException(String problem, TokenStreamLocation at) {
    this(problem + where(at));
  }

  JsonException(String problem) {
    super(problem);
    this.problem = problem;
  }

  JsonException(JacksonException cause) {
    this("is not well-formed JSON" + where(cause.getLocation()));
    initCause(cause);
  }

  /** What is wrong with it and where, to follow the name of a field. */
  public String problem() {
    return problem;
  }

  private static String where(TokenStreamLocation at) {
    return at == null || at.getLineNr() < 1
        ? ""
        : ": see line " + at.getLineNr() + ", column " + at.getColumnNr();
  }
}
