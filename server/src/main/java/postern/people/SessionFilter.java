package postern.people;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;
import postern.core.ApiException;
import postern.core.ErrorCode;
import postern.core.Principal;
import postern.http.Credentials;

/**
 * Finds the caller of a request by the session in its cookie. A browser sends the cookie whoever
 * made it send the request, so a request to the API has to show the form token too, which no other
 * site can know. Safe for many threads.
 */
public final class SessionFilter {
  /**
   * The prefix has browsers keep it to this host, to every path and to encrypted connections (RFC
   * 6265bis, section 4.1.3.2); they take localhost for one.
   */
  public static final String COOKIE = "__Host-postern";

  private final Sessions sessions;
  private final SeenTokens seen = new SeenTokens();

  public SessionFilter(Sessions sessions) {
    this.sessions = sessions;
  }

  /** Whether a browser sends it. */
  public boolean hasCookie(Credentials given) {
    return given.cookie(COOKIE).isPresent();
  }

  /**
   * Who has logged in.
   *
   * @param beforeLookUp is run before the database is asked for a token that was not seen to let
   *     anybody in; what it throws ends the request
   * @throws ApiException.Refused with {@code UNAUTHORIZED} if nobody has
   */
  public Principal authenticate(Credentials given, Runnable beforeLookUp) {
    return tokenIn(given)
        .flatMap(token -> seen.find(token, beforeLookUp, sessions::find))
        .orElseThrow(() -> new ApiException.Refused(ErrorCode.UNAUTHORIZED));
  }

  /**
   * The same for a request to the API.
   *
   * @throws ApiException.Refused with {@code UNAUTHORIZED} also where the form token is missing
   */
  public Principal authenticateApi(Credentials given, Runnable beforeLookUp) {
    boolean isOwnPage =
        tokenIn(given).filter(token -> isFormTokenOf(token, given.formToken())).isPresent();
    if (!isOwnPage) {
      throw new ApiException.Refused(ErrorCode.UNAUTHORIZED);
    }
    return authenticate(given, beforeLookUp);
  }

  /** Whether a form, or a script on a page, has shown that it is of this browser's own page. */
  public static boolean isFormTokenOf(Token token, Optional<String> given) {
    return given
        .filter(
            text ->
                MessageDigest.isEqual(
                    text.getBytes(StandardCharsets.UTF_8),
                    token.formToken().getBytes(StandardCharsets.UTF_8)))
        .isPresent();
  }

  private static Optional<Token> tokenIn(Credentials given) {
    return given.cookie(COOKIE).flatMap(Token::parse);
  }
}
