package postern.dashboard;

import java.util.Optional;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import postern.core.ApiException;
import postern.core.ErrorCode;
import postern.http.Answer;
import postern.http.Call;
import postern.http.Handler;
import postern.people.KnownBrowsers;
import postern.people.SessionFilter;
import postern.people.Token;

/** The cookie by which a browser is known, before and after its person has logged in. */
final class Browser {
  private static final String KNOWN_COOKIE = SessionFilter.COOKIE + "-known";
  private static final String FORM_FIELD = "form_token";

  private Browser() {}

  /** The token of the browser; empty for one that has never been here. */
  static Optional<Token> of(Call call) {
    return call.cookie(SessionFilter.COOKIE).flatMap(Token::parse);
  }

  /** The token of a browser whose person has logged in. */
  static Token require(Call call) {
    return of(call).orElseThrow(() -> new ApiException.Refused(ErrorCode.UNAUTHORIZED));
  }

  /** A page whose forms can be sent: a browser without a token is given one. */
  static Answer withToken(Call call, RandomGenerator random, Function<Token, Answer> page) {
    Optional<Token> known = of(call);
    Token token = known.orElseGet(() -> Token.next(random));
    Answer answer = page.apply(token);
    return known.isPresent() ? answer : keep(answer, token);
  }

  /** Has the browser send a token from now on, until it is closed. */
  static Answer keep(Answer answer, Token token) {
    return answer.header(
        "Set-Cookie",
        SessionFilter.COOKIE + "=" + token.reveal() + "; Path=/; Secure; HttpOnly; SameSite=Lax");
  }

  /** The cookie by which the browser may be known from an earlier log-in. */
  static Optional<String> knownBy(Call call) {
    return call.cookie(KNOWN_COOKIE);
  }

  /** Has the browser be known from now on; a log-out does not end that. */
  static Answer remember(Answer answer, Optional<String> cookie) {
    cookie.ifPresent(
        text ->
            answer.header(
                "Set-Cookie",
                KNOWN_COOKIE
                    + "="
                    + text
                    + "; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age="
                    + KnownBrowsers.KNOWN_FOR.toSeconds()));
    return answer;
  }

  /** Has the browser forget its token. */
  static Answer forget(Answer answer) {
    return answer.header(
        "Set-Cookie",
        SessionFilter.COOKIE + "=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0");
  }

  /** A handler that only takes forms of pages that this browser was given. */
  static Handler checked(Handler handler) {
    return call -> {
      Optional<String> given =
          call.formToken()
              .or(() -> Optional.ofNullable(call.params().get(FORM_FIELD)).map(String::valueOf));
      boolean isOwn =
          of(call).filter(token -> SessionFilter.isFormTokenOf(token, given)).isPresent();
      if (!isOwn) {
        throw new ApiException.Refused(ErrorCode.FORM_EXPIRED);
      }
      return handler.handle(call);
    };
  }

  /** Goes to another page, which is asked for by GET. */
  static Answer goTo(String path) {
    return Answer.empty(303).header("Location", path);
  }
}
