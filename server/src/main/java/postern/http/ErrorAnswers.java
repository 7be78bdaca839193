package postern.http;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Headers;
import io.helidon.http.HttpException;
import io.helidon.http.RequestException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import postern.core.ApiException;
import postern.core.ErrorCode;
import postern.core.FieldError;
import postern.json.Json;
import postern.json.JsonBody;
import postern.json.JsonOut;

/**
 * The only place where exceptions become answers. Two shapes of the same facts: EasyPost's
 * envelope, and RFC 9457 for those who ask for {@code application/problem+json}.
 */
final class ErrorAnswers {
  private static final String PROBLEM_JSON = "application/problem+json";

  private static final HeaderName FETCH_DEST = HeaderNames.create("Sec-Fetch-Dest");

  /** The envelopes without field errors, which is what nearly every refusal is answered with. */
  private static final Map<ErrorCode, Content.OfBytes> ENVELOPES = envelopes();

  private ErrorAnswers() {}

  private static Map<ErrorCode, Content.OfBytes> envelopes() {
    Map<ErrorCode, Content.OfBytes> all = new EnumMap<>(ErrorCode.class);
    for (ErrorCode code : ErrorCode.values()) {
      all.put(code, new Content.OfBytes(Answer.JSON, Json.bytes(envelope(code, List.of()))));
    }
    return all;
  }

  /** The code that an exception ends a request with. */
  static ErrorCode codeOf(Throwable thrown) {
    return switch (thrown) {
      case ApiException refusal -> refusal.code();
      case HttpException http -> codeOf(http.status().code());
      case RequestException broken -> codeOf(broken.status().code());
      default -> ErrorCode.INTERNAL_SERVER_ERROR;
    };
  }

  /**
   * The code for a status that the HTTP server itself came to before or while it read a request.
   */
  static ErrorCode codeOf(int status) {
    return switch (status) {
      case 404, 405 -> ErrorCode.NOT_FOUND;
      case 408 -> ErrorCode.REQUEST_TIMEOUT;
      case 413 -> ErrorCode.PAYLOAD_TOO_LARGE;
      case 414 -> ErrorCode.URI_TOO_LONG;
      case 431 -> ErrorCode.HEADERS_TOO_LARGE;
      case 415 -> ErrorCode.UNSUPPORTED_MEDIA_TYPE;
      case 503 -> ErrorCode.SERVICE_UNAVAILABLE;
      default -> status < 500 ? ErrorCode.BAD_REQUEST : ErrorCode.INTERNAL_SERVER_ERROR;
    };
  }

  /** Whether a request asks for errors as RFC 9457 has them. */
  static boolean wantsProblem(Headers request) {
    return request
        .first(HeaderNames.ACCEPT)
        .map(accept -> accept.contains(PROBLEM_JSON))
        .orElse(false);
  }

  /**
   * What is asked for. On {@code Basic} a browser would ask its person for a password, in the
   * middle of what a script of a page does (Fetch Metadata tells that it is one).
   */
  static String schemeFor(Headers request) {
    return request.first(FETCH_DEST).filter("empty"::equals).isPresent() ? "Bearer" : "Basic";
  }

  /** Whether a browser asks for a page; what belongs to the API is answered as such to all. */
  static boolean wantsPage(Headers request, String path) {
    return !path.startsWith("/v2")
        && !path.startsWith("/beta")
        && request
            .first(HeaderNames.ACCEPT)
            .map(accept -> accept.contains("text/html"))
            .orElse(false);
  }

  /**
   * An error as an answer.
   *
   * @param scheme what a caller without credentials is asked for
   */
  static Answer of(Throwable thrown, boolean asProblem, String scheme) {
    ErrorCode code = codeOf(thrown);
    Answer answer =
        Answer.of(
            code.status(),
            asProblem && !policyOf(thrown).isEmpty()
                ? quotaExceeded(code, policyOf(thrown))
                : bodyOf(code, errorsOf(thrown), asProblem));
    if (code == ErrorCode.UNAUTHORIZED) {
      answer.header("WWW-Authenticate", scheme + " realm=\"Postern\"");
    }
    return withRetryAfter(thrown, answer);
  }

  static Answer withRetryAfter(Throwable thrown, Answer answer) {
    retryAfterSeconds(thrown).ifPresent(s -> answer.header("Retry-After", s));
    return answer;
  }

  /** The body that an error is answered with. */
  static Content.OfBytes bodyOf(ErrorCode code, List<FieldError> errors, boolean asProblem) {
    if (asProblem) {
      return new Content.OfBytes(PROBLEM_JSON, Json.bytes(problem(code, errors)));
    }
    return errors.isEmpty()
        ? Objects.requireNonNull(ENVELOPES.get(code))
        : new Content.OfBytes(Answer.JSON, Json.bytes(envelope(code, errors)));
  }

  private static String policyOf(Throwable thrown) {
    return thrown instanceof ApiException.RetryLater later ? later.policy() : "";
  }

  /** The problem type of draft-ietf-httpapi-ratelimit-headers-10, section 7.1. */
  private static Content.OfBytes quotaExceeded(ErrorCode code, String policy) {
    JsonBody body =
        out -> {
          out.startObject();
          out.text("type", "https://iana.org/assignments/http-problem-types#quota-exceeded");
          out.text("title", code.message()).number("status", code.status());
          out.text("code", code.code());
          out.startArray("violated-policies").element(policy).endArray();
          writeErrors(out, List.of());
          out.endObject();
        };
    return new Content.OfBytes(PROBLEM_JSON, Json.bytes(body));
  }

  private static JsonBody envelope(ErrorCode code, List<FieldError> errors) {
    return out -> {
      out.startObject().startObject("error");
      out.text("code", code.code()).text("message", code.message());
      writeErrors(out, errors);
      out.endObject().endObject();
    };
  }

  private static JsonBody problem(ErrorCode code, List<FieldError> errors) {
    return out -> {
      out.startObject();
      out.text("type", "urn:postern:error:" + code.code());
      out.text("title", code.message()).number("status", code.status()).text("code", code.code());
      writeErrors(out, errors);
      out.endObject();
    };
  }

  private static void writeErrors(JsonOut out, List<FieldError> errors) {
    out.startArray("errors");
    for (FieldError error : errors) {
      out.startObject().text("field", error.field()).text("message", error.message()).endObject();
    }
    out.endArray();
  }

  private static List<FieldError> errorsOf(Throwable thrown) {
    return thrown instanceof ApiException.Invalid invalid ? invalid.errors() : List.of();
  }

  private static Optional<String> retryAfterSeconds(Throwable thrown) {
    return thrown instanceof ApiException.RetryLater later
        ? Optional.of(Long.toString(Math.max(1, later.after().plusMillis(999).toSeconds())))
        : Optional.empty();
  }
}
