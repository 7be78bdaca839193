package postern.http;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import postern.core.ApiException;
import postern.core.ErrorCode;
import postern.core.ListShare;
import postern.core.Mode;
import postern.core.Origin;
import postern.core.Principal;
import postern.core.QueryCount;

/** The way of every request: route, caller, handler, answer or error, log line. */
final class Pipeline implements Handler {
  private static final Duration SHED_RETRY_AFTER = Duration.ofSeconds(1);
  private static final HeaderName IDEMPOTENCY_KEY = HeaderNames.create(Idempotency.KEY_HEADER);
  private static final int UNAUTHORIZED = 401;
  private static final int FORBIDDEN = 403;
  private static final Logger LOG = System.getLogger(Pipeline.class.getName());

  private final Routes routes;
  private final Guards guards;
  private final Optional<ErrorPage> errorPage;
  private final InstantSource clock;
  private final HttpServer.Settings limits;
  private final ClientAddress clientAddress;

  Pipeline(
      Routes routes,
      Guards guards,
      Optional<ErrorPage> errorPage,
      InstantSource clock,
      HttpServer.Settings limits) {
    this.routes = routes;
    this.guards = guards;
    this.errorPage = errorPage;
    this.clock = clock;
    this.limits = limits;
    this.clientAddress = new ClientAddress(limits.trustedProxies());
  }

  @Override
  public void handle(ServerRequest request, ServerResponse response) {
    if (!guards.shedder().begin()) {
      new Exchange(request, response, new QueryCount()).shed();
      return;
    }
    try {
      QueryCount queries = new QueryCount();
      ScopedValue.where(QueryCount.CURRENT, queries)
          .run(() -> new Exchange(request, response, queries).run());
    } finally {
      guards.shedder().end();
    }
  }

  /** One request and what has become known of it, so that its log line is full also on failure. */
  private final class Exchange {
    private final ServerRequest request;
    private final ServerResponse response;
    private final QueryCount queries;
    private final long startedNanos = System.nanoTime();
    private final String requestId = RequestId.next(clock.instant());
    private final String address;
    private final AnswerSender sender;
    private String route = "unmatched";
    private boolean isPage;
    private @Nullable Principal caller;
    private @Nullable ErrorCode code;

    Exchange(ServerRequest request, ServerResponse response, QueryCount queries) {
      this.request = request;
      this.response = response;
      this.queries = queries;
      this.address = clientAddress.of(request);
      this.sender = new AnswerSender(request, response, requestId, startedNanos);
    }

    void run() {
      try {
        serve();
      } catch (RuntimeException | Error thrown) {
        fail(thrown);
      } finally {
        finish();
      }
      closeIfSaid();
    }

    /** Says no as cheaply as that can be done: nobody has looked at who asks, or for what. */
    void shed() {
      route = "shed";
      guards.shedder().hold();
      code = ErrorCode.SERVICE_UNAVAILABLE;
      sender.send(
          ErrorAnswers.of(
              new ApiException.RetryLater(code, SHED_RETRY_AFTER),
              ErrorAnswers.wantsProblem(request.headers()),
              ""));
      finish();
      closeIfSaid();
    }

    private void serve() {
      requireHead();
      Optional<Routes.Match> found = routes.match(methodToServe(), request.path().rawPath());
      if (found.isEmpty()) {
        limit(guards.limiter().count(RouteClass.READ, Optional.empty(), address));
        throw new ApiException.Refused(ErrorCode.NOT_FOUND);
      }
      Routes.Match match = found.get();
      route = match.name();
      isPage = match.route().access() == Access.SESSION;
      Optional<Principal> known = callerFor(match.route().access());
      limit(guards.limiter().count(match.route().kind(), known, address));
      requireMode(match.route().access(), known);
      known.ifPresent(Claim.CURRENT.get()::countFor);
      Call call = new Call(request, match, known, bodyLimits(match.route()), guards);
      ScopedValue.Carrier scope = ScopedValue.where(Origin.CURRENT, origin(known));
      if (match.route().isList() && known.isPresent()) {
        serveList(scope, match.route(), call, known.get());
      } else {
        sender.send(scope.call(() -> handle(match.route(), call, known)));
      }
    }

    /** A page is made within its family's share, and sent without it, as slow as its reader is. */
    private void serveList(ScopedValue.Carrier scope, Route matched, Call call, Principal known) {
      try (ListShares.Share share = guards.lists().of(known.root())) {
        ScopedValue.Carrier inShare = scope.where(ListShare.CURRENT, share);
        Answer answer = inShare.call(() -> handle(matched, call, Optional.of(known)));
        if (answer.isStreamed()) {
          share.stream();
          inShare.run(() -> sender.send(answer));
          return;
        }
        Answer whole = inShare.call(answer::inOnePiece);
        share.giveBack();
        sender.send(whole);
      }
    }

    /**
     * A HEAD is served as a GET whose body is not sent (RFC 9110 section 9.3.2), but for the API,
     * which answers 404 to it.
     */
    private String methodToServe() {
      String method = request.prologue().method().text();
      String path = request.path().rawPath();
      boolean isOfApi = path.startsWith("/v2") || path.startsWith("/beta");
      return method.equals("HEAD") && !isOfApi ? "GET" : method;
    }

    /** A page takes forms alone, and where no key is asked for, nobody may send much. */
    private RequestBody.Limits bodyLimits(Route matched) {
      boolean takesForms = matched.access() == Access.PUBLIC || matched.access() == Access.SESSION;
      return new RequestBody.Limits(
          takesForms ? limits.formBytesMax() : limits.bodyBytesMax(), limits.formBytesMax());
    }

    private void requireHead() {
      try {
        RequestHead.check(request.headers(), limits.headerBytesMax(), limits.bodyBytesMax());
      } catch (ApiException refusal) {
        limit(guards.limiter().count(RouteClass.READ, Optional.empty(), address));
        throw refusal;
      }
    }

    private Answer handle(Route matched, Call call, Optional<Principal> known) {
      boolean isOnce = matched.method().equals("POST") && matched.access() != Access.SESSION;
      Optional<String> key = isOnce ? request.headers().first(IDEMPOTENCY_KEY) : Optional.empty();
      if (key.isEmpty() || known.isEmpty()) {
        return matched.handler().handle(call);
      }
      String query = request.query().rawValue();
      return guards
          .idempotency()
          .once(
              new Idempotency.Request(
                  known.get(),
                  key.get(),
                  matched.method(),
                  query.isEmpty() ? call.path() : call.path() + "?" + query,
                  call.body()),
              () -> matched.handler().handle(call),
              refusal -> errorAnswer(refusal, refusal.code()));
    }

    private Origin origin(Optional<Principal> known) {
      return new Origin(
          known,
          Optional.empty(),
          address,
          request.headers().first(HeaderNames.USER_AGENT).orElse(""),
          requestId);
    }

    private Optional<Principal> callerFor(Access access) {
      if (access == Access.PUBLIC) {
        return Optional.empty();
      }
      Principal found = authenticated(access);
      caller = found;
      return Optional.of(found);
    }

    /** Asked once the request is counted: whatever is refused has been counted. */
    private static void requireMode(Access access, Optional<Principal> known) {
      boolean isTest = known.filter(who -> who.mode() != Mode.PRODUCTION).isPresent();
      if (access == Access.PRODUCTION_KEY && isTest) {
        throw new ApiException.Refused(ErrorCode.MODE_UNAUTHORIZED);
      }
    }

    private Principal authenticated(Access access) {
      try {
        return guards
            .authenticator()
            .authenticate(
                new RequestCredentials(request), access, this::requireNotTooManyStrangers);
      } catch (ApiException.Refused e) {
        limit(countStranger());
        throw e;
      }
    }

    private void requireNotTooManyStrangers() {
      if (!guards.limiter().mayBeStranger(address, isPage)) {
        limit(countStranger());
      }
    }

    /** A page without a session leads to the log-in: that is no attempt to be let in. */
    private RateLimiter.Verdict countStranger() {
      return isPage
          ? guards.limiter().count(RouteClass.READ, Optional.empty(), address)
          : guards.limiter().countStranger(address);
    }

    private void limit(RateLimiter.Verdict verdict) {
      sender.say(verdict);
      if (verdict.refused().isPresent()) {
        RateLimiter.Refused refused = verdict.refused().get();
        throw new ApiException.RetryLater(
            refused.policy().isEmpty() ? ErrorCode.SERVICE_UNAVAILABLE : ErrorCode.RATE_LIMITED,
            refused.after(),
            refused.policy());
      }
    }

    private void fail(Throwable thrown) {
      code = ErrorAnswers.codeOf(thrown);
      if (response.isSent()) {
        // Part of the answer is out. Only a broken connection tells the client that it is cut.
        LOG.log(
            Level.WARNING, "request=" + requestId + " ended in the middle of its answer", thrown);
        throw new CloseConnectionException("answer cut short", thrown);
      }
      if (thrown instanceof UncheckedIOException || thrown instanceof CloseConnectionException) {
        code = null;
        throw new CloseConnectionException("the client went away", thrown);
      }
      if (code == ErrorCode.INTERNAL_SERVER_ERROR) {
        LOG.log(Level.ERROR, "request=" + requestId + " failed", thrown);
      }
      sender.send(errorAnswer(thrown, code));
      // Whoever comes to a page without a session is led to the log-in: nothing was refused.
      boolean isLedOn = isPage && code.status() == UNAUTHORIZED;
      if ((code.status() == UNAUTHORIZED || code.status() == FORBIDDEN) && !isLedOn) {
        guards
            .observer()
            .refused(clock.instant(), route, code.code(), origin(Optional.ofNullable(caller)));
      }
    }

    private Answer errorAnswer(Throwable thrown, ErrorCode why) {
      String path = request.path().rawPath();
      if (errorPage.isEmpty() || !ErrorAnswers.wantsPage(request.headers(), path)) {
        return ErrorAnswers.of(
            thrown,
            ErrorAnswers.wantsProblem(request.headers()),
            ErrorAnswers.schemeFor(request.headers()));
      }
      boolean isGet = request.prologue().method().text().equals("GET");
      return ErrorAnswers.withRetryAfter(
          thrown, errorPage.get().of(why, isGet ? path : "", requestId));
    }

    /** Helidon leaves it to the other side to close, whatever either of them said. */
    private void closeIfSaid() {
      if (response.headers().contains(HeaderValues.CONNECTION_CLOSE)) {
        throw new CloseConnectionException("one side said that it would close");
      }
    }

    private void finish() {
      long nanos = System.nanoTime() - startedNanos;
      int status = response.status().code();
      guards.observer().answered(route, status, nanos);
      RequestLog.write(
          route,
          status,
          Optional.ofNullable(code).map(ErrorCode::code),
          Optional.ofNullable(caller),
          nanos,
          queries.statements(),
          requestId);
    }
  }
}
