package postern.http;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import postern.core.ApiException;
import postern.core.ErrorCode;
import postern.core.FieldError;
import postern.core.Principal;

/** One request on its way to a handler. Belongs to one thread. */
public final class Call {
  private final ServerRequest request;
  private final String route;
  private final List<String> variables;
  private final Optional<Principal> caller;
  private final RequestBody.Limits bodyLimits;
  private final LoadShedder shedder;
  private final StrictBodies bodies;
  private @Nullable Params params;
  private byte @Nullable [] body;

  Call(
      ServerRequest request,
      Routes.Match match,
      Optional<Principal> caller,
      RequestBody.Limits bodyLimits,
      Guards guards) {
    this.request = request;
    this.route = match.name();
    this.variables = match.variables();
    this.caller = caller;
    this.bodyLimits = bodyLimits;
    this.shedder = guards.shedder();
    this.bodies = guards.bodies();
  }

  /**
   * Who is calling.
   *
   * @throws NoSuchElementException on a route that asks for no key
   */
  public Principal caller() {
    return caller.orElseThrow();
  }

  /** The value of the route's only (or first) variable segment, decoded. */
  public String id() {
    return variables.getFirst();
  }

  /** The value of one of the route's variable segments, counted from 0, decoded. */
  public String variable(int index) {
    return variables.get(index);
  }

  /** Runs something that waits most of its time, and so takes no other request's place. */
  public <T> T resting(Supplier<T> work) {
    shedder.rest();
    try {
      return work.get();
    } finally {
      shedder.resume();
    }
  }

  /**
   * Query and body together, read at the first call.
   *
   * @throws ApiException.Invalid if the body has unknown members and the caller wants to know
   */
  public Params params() {
    Params known = params;
    if (known == null) {
      Object given = RequestBody.parse(request, body(), bodyLimits);
      requireKnownMembers(given);
      known = Params.of(FormData.parse(request.query().rawValue()), given);
      params = known;
    }
    return known;
  }

  private void requireKnownMembers(@Nullable Object body) {
    boolean isStrict =
        bodies.isAlways() || header(StrictBodies.HEADER).filter("true"::equals).isPresent();
    if (isStrict && body instanceof Map<?, ?> members) {
      List<FieldError> unknown = bodies.unknown(route, members);
      if (!unknown.isEmpty()) {
        throw new ApiException.Invalid(ErrorCode.PARAMETER_INVALID, unknown);
      }
    }
  }

  /** The body as it came, read at the first call. */
  byte[] body() {
    byte[] known = body;
    if (known == null) {
      // A sender may take its time.
      known = resting(() -> RequestBody.read(request, bodyLimits.bytesMax()));
      body = known;
    }
    return known;
  }

  /** What the caller accepts, in lower case; empty where it does not say. */
  public String accept() {
    return request
        .headers()
        .first(HeaderNames.ACCEPT)
        .map(accept -> accept.toLowerCase(Locale.ROOT))
        .orElse("");
  }

  /** A cookie that came with the request. */
  public Optional<String> cookie(String name) {
    return new RequestCredentials(request).cookie(name);
  }

  /** What a script on a page sends beside its cookie. */
  public Optional<String> formToken() {
    return new RequestCredentials(request).formToken();
  }

  /** A header of the request, by its name. */
  public Optional<String> header(String name) {
    return request.headers().first(HeaderNames.create(name));
  }

  /** The host that the request was sent to, as it says, with its port. */
  public String host() {
    return request.headers().first(HeaderNames.HOST).orElse("");
  }

  /** The path as it came, still encoded. */
  public String path() {
    return request.path().rawPath();
  }
}
