package postern.idempotency;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import postern.core.ApiException;
import postern.core.ErrorCode;
import postern.crypto.Digests;
import postern.crypto.Sealer;
import postern.crypto.UnsealException;
import postern.http.Answer;
import postern.http.Idempotency;
import postern.json.Json;
import postern.json.JsonException;
import postern.sql.Database;
import postern.sql.UnitOfWork;

/**
 * Remembers for a day which requests were carried out, and what was answered. What a request
 * changes and what is remembered of it are one transaction, so that one is never there without the
 * other, whatever happens to this process.
 *
 * <p>A request is claimed before it is carried out, for a few seconds that are prolonged while that
 * goes on. Whoever finds a claim that has run out takes it over; what the former owner still writes
 * is undone, because it ends with a look at the claim. Answers show secrets and are sealed. Safe
 * for many threads.
 */
public final class IdempotencyKeys implements Idempotency {
  /** How often {@link #renew} is to be called. */
  public static final Duration RENEW_EVERY = Duration.ofSeconds(2);

  private static final Duration CLAIMED_FOR = Duration.ofSeconds(10);
  private static final Duration REMEMBERED_FOR = Duration.ofHours(24);
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);
  private static final int KEY_LENGTH_MAX = 255;
  private static final int ATTEMPTS_MAX = 3;

  /** Refusals that say nothing of the request itself: the same one may succeed later. */
  private static final Set<ErrorCode> NOT_FINAL =
      Set.of(ErrorCode.RATE_LIMITED, ErrorCode.SERVICE_UNAVAILABLE, ErrorCode.REQUEST_TIMEOUT);

  private final Database database;
  private final Sealer sealer;
  private final RandomGenerator random;
  private final Map<UUID, IdempotencyStore.Scope> underWay = new ConcurrentHashMap<>();

  /** The claim was lost to somebody who goes on with the request. */
  private static final class OvertakenException extends RuntimeException {
    OvertakenException() {
      super("the claim has run out", null, false, false);
    }
  }

  public IdempotencyKeys(Database database, Sealer sealer, RandomGenerator random) {
    this.database = database;
    this.sealer = sealer;
    this.random = random;
  }

  @Override
  public Answer once(
      Request request, Supplier<Answer> handler, Function<ApiException, Answer> refusal) {
    IdempotencyStore.Scope scope = scopeOf(request);
    UUID claim = new UUID(random.nextLong(), random.nextLong());
    Optional<IdempotencyStore.Known> mine =
        database.write(
            tx ->
                IdempotencyStore.claim(
                    tx, scope, claim, tx.now().plus(CLAIMED_FOR), tx.now().minus(REMEMBERED_FOR)));
    if (mine.isEmpty()) {
      return replay(scope);
    }
    underWay.put(claim, scope);
    try {
      return carryOut(scope, claim, mine.get().progress(), handler, refusal);
    } finally {
      underWay.remove(claim);
    }
  }

  private static IdempotencyStore.Scope scopeOf(Request request) {
    String key = keyIn(request.key());
    String where =
        String.join(
            "\n",
            request.caller().user().toString(),
            request.caller().mode().wireName(),
            request.method(),
            request.path(),
            key);
    byte[] sent =
        (key + "\n" + Base64.getEncoder().encodeToString(request.sent()))
            .getBytes(StandardCharsets.UTF_8);
    return new IdempotencyStore.Scope(
        request.caller().root(), Digests.sha256(where), Digests.sha256(sent));
  }

  /** The key, bare or as the draft has it: a string of RFC 9651, in quotes. */
  static String keyIn(String header) {
    String text = header.strip();
    boolean isQuoted = text.length() >= 2 && text.startsWith("\"") && text.endsWith("\"");
    String key =
        isQuoted ? text.substring(1, text.length() - 1).replaceAll("\\\\([\"\\\\])", "$1") : text;
    boolean isPlain = key.chars().allMatch(c -> c >= ' ' && c <= '~');
    if (key.isEmpty() || key.length() > KEY_LENGTH_MAX || !isPlain) {
      throw new ApiException.Invalid(
          ErrorCode.PARAMETER_INVALID,
          KEY_HEADER,
          "must be 1 to " + KEY_LENGTH_MAX + " printable ASCII characters");
    }
    return key;
  }

  private Answer replay(IdempotencyStore.Scope scope) {
    IdempotencyStore.Known known =
        database
            .read(tx -> IdempotencyStore.find(tx, scope))
            .orElseThrow(IdempotencyKeys::stillUnderWay);
    if (!MessageDigest.isEqual(known.requestDigest(), scope.requestDigest())) {
      throw new ApiException.Refused(ErrorCode.IDEMPOTENCY_KEY_REUSED);
    }
    return known
        .answer()
        .map(answered -> opened(scope, answered))
        .orElseThrow(IdempotencyKeys::stillUnderWay)
        .header(REPLAYED_HEADER, "true");
  }

  private static ApiException stillUnderWay() {
    return new ApiException.RetryLater(ErrorCode.IDEMPOTENCY_KEY_IN_USE, RETRY_AFTER);
  }

  private Answer carryOut(
      IdempotencyStore.Scope scope,
      UUID claim,
      Optional<String> progress,
      Supplier<Answer> handler,
      Function<ApiException, Answer> refusal) {
    Optional<String> done = progress;
    for (int attempt = 1; ; attempt++) {
      UnitOfWork unit =
          database.unitOfWork(
              done, (tx, text) -> require(IdempotencyStore.setProgress(tx, scope, claim, text)));
      try {
        Answer answer = unit.run(handler).inOnePiece();
        unit.commit(tx -> finish(scope, claim, answer, tx));
        return answer;
      } catch (OvertakenException e) {
        unit.rollback();
        throw stillUnderWay();
      } catch (ApiException e) {
        unit.rollback();
        refuse(scope, claim, e, refusal);
        throw e;
      } catch (RuntimeException | Error e) {
        unit.rollback();
        if (attempt == ATTEMPTS_MAX || !Database.isWorthRetrying(e)) {
          release(scope, claim);
          throw e;
        }
        done = unit.progress();
      }
    }
  }

  private static void require(boolean claimHolds) {
    if (!claimHolds) {
      throw new OvertakenException();
    }
  }

  private void finish(IdempotencyStore.Scope scope, UUID claim, Answer answer, postern.sql.Tx tx) {
    byte[] sealed = sealer.seal(bytesOf(answer), scope.digest());
    require(IdempotencyStore.finish(tx, scope, claim, answer.statusCode(), sealed));
  }

  private void refuse(
      IdempotencyStore.Scope scope,
      UUID claim,
      ApiException why,
      Function<ApiException, Answer> refusal) {
    if (why.code() == ErrorCode.SERVICE_UNAVAILABLE) {
      // A database that has just not answered: the caller need not wait for it once more.
      Thread.ofVirtual().name("release of a claim").start(() -> release(scope, claim));
      return;
    }
    if (NOT_FINAL.contains(why.code()) || why.code().status() >= 500) {
      release(scope, claim);
      return;
    }
    Answer answer = refusal.apply(why).inOnePiece();
    try {
      database.write(
          tx -> {
            finish(scope, claim, answer, tx);
            return answer;
          });
    } catch (OvertakenException e) {
      throw stillUnderWay();
    }
  }

  private void release(IdempotencyStore.Scope scope, UUID claim) {
    try {
      database.write(
          tx -> {
            IdempotencyStore.release(tx, scope, claim);
            return claim;
          });
    } catch (ApiException e) {
      // The database is away: the claim runs out by itself.
      System.getLogger(IdempotencyKeys.class.getName())
          .log(System.Logger.Level.DEBUG, "a claim was not released: {0}", e.code());
    }
  }

  private static byte[] bytesOf(Answer answer) {
    return Json.bytes(
        out -> {
          out.startObject();
          out.text("type", answer.contentType());
          out.value("headers", new LinkedHashMap<String, @Nullable Object>(answer.headers()));
          out.text("body", Base64.getEncoder().encodeToString(answer.body()));
          out.endObject();
        });
  }

  private Answer opened(IdempotencyStore.Scope scope, IdempotencyStore.Answered answered) {
    try {
      Map<?, ?> stored =
          (Map<?, ?>)
              Objects.requireNonNull(
                  Json.parse(sealer.open(answered.sealedBytes(), scope.digest())), "answer");
      byte[] body = Base64.getDecoder().decode(String.valueOf(stored.get("body")));
      String type = String.valueOf(stored.get("type"));
      Answer answer =
          type.isEmpty()
              ? Answer.empty(answered.status())
              : Answer.bytes(answered.status(), type, body);
      ((Map<?, ?>) Objects.requireNonNull(stored.get("headers")))
          .forEach((name, value) -> answer.header(String.valueOf(name), String.valueOf(value)));
      return answer;
    } catch (JsonException | UnsealException e) {
      throw new IllegalStateException("a remembered answer cannot be read", e);
    }
  }

  /** Prolongs the claims on what is being carried out. */
  public void renew() {
    List<Map.Entry<UUID, IdempotencyStore.Scope>> mine = List.copyOf(underWay.entrySet());
    if (!mine.isEmpty()) {
      database.write(
          tx -> {
            IdempotencyStore.renew(
                tx,
                mine.stream().map(entry -> entry.getValue().root()).toList(),
                mine.stream().map(Map.Entry::getKey).toList(),
                tx.now().plus(CLAIMED_FOR));
            return mine;
          });
    }
  }

  /** Forgets requests of more than a day ago; how many those were. */
  public int purge() {
    return database.write(tx -> IdempotencyStore.purge(tx, tx.now().minus(REMEMBERED_FOR)));
  }
}
