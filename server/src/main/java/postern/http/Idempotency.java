package postern.http;

import java.util.function.Function;
import java.util.function.Supplier;
import postern.core.ApiException;
import postern.core.Principal;

/**
 * Carries a request out once, however often it is sent with the same {@code Idempotency-Key}
 * (draft-ietf-httpapi-idempotency-key-header-07). Safe for many threads.
 */
public interface Idempotency {
  /** The header. */
  String KEY_HEADER = "Idempotency-Key";

  /** Stands on an answer that was given before. */
  String REPLAYED_HEADER = "Idempotent-Replayed";

  /**
   * A request that may have been sent before.
   *
   * @param key what its sender calls it
   * @param path with what follows the question mark
   * @param sent the body as it came, with its type
   */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  record Request(Principal caller, String key, String method, String path, byte[] sent) {}

  /**
   * The answer to a request: what the handler makes of it, or what it has made of it before.
   *
   * @param handler carries the request out
   * @param refusal the answer that a refusal by the handler is
   * @throws ApiException if the same key was used for another request, or that request is not over
   */
  Answer once(Request request, Supplier<Answer> handler, Function<ApiException, Answer> refusal);

  /** Carries every request out. */
  Idempotency NONE = (request, handler, refusal) -> handler.get();
}
