package postern.dashboard;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import postern.core.ApiException;
import postern.core.Checks;
import postern.core.ErrorCode;
import postern.http.Answer;
import postern.http.Call;

/** What is the same of all forms. */
final class Forms {
  /** Shows a form again. */
  @FunctionalInterface
  interface Again {
    Answer page(int status, Form form);
  }

  private Forms() {}

  /**
   * Does what a form is for; if that is refused, shows the form again with what was typed and what
   * is wrong.
   *
   * @param fields those that are shown again: all but secrets
   */
  static Answer submit(Call call, List<String> fields, Supplier<Answer> work, Again again) {
    try {
      return work.get();
    } catch (ApiException refusal) {
      if (refusal.code() == ErrorCode.NOT_FOUND
          // The session was ended since the request was let in: nothing more is shown in it.
          || refusal.code() == ErrorCode.UNAUTHORIZED
          || refusal.code() == ErrorCode.SERVICE_UNAVAILABLE) {
        throw refusal;
      }
      return again.page(refusal.code().status(), Form.refused(refusal, call.params(), fields));
    }
  }

  /** Notes that a field was left empty. */
  static void require(Checks checks, Optional<?> value, String field) {
    if (value.isEmpty()) {
      checks.invalid(field, "must not be blank");
    }
  }

  /** For the value of a parameter in an address. */
  static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
