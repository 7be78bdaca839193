package postern.people;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.Function;
import postern.core.Principal;

/**
 * Remembers which tokens let nobody in, so that each costs one statement and no more, and which
 * have let a person in, so that a flood of invented ones does not stand in that person's way. A
 * token is never given to a second session: one that opens nothing will not open anything later.
 * Safe for many threads.
 */
final class SeenTokens {
  private static final int REMEMBERED_MAX = 10_000;

  // By digest: a secret does not stay in memory.
  private final Cache<ByteBuffer, Boolean> dead =
      Caffeine.newBuilder().maximumSize(REMEMBERED_MAX).build();
  private final Cache<ByteBuffer, Boolean> live =
      Caffeine.newBuilder().maximumSize(REMEMBERED_MAX).build();

  /**
   * The caller whom a token lets in.
   *
   * @param beforeLookUp is run before the database is asked for a token that was not seen before
   * @param lookUp asks the database
   */
  Optional<Principal> find(
      Token token, Runnable beforeLookUp, Function<Token, Optional<Principal>> lookUp) {
    ByteBuffer digest = ByteBuffer.wrap(token.digest());
    if (dead.getIfPresent(digest) != null) {
      return Optional.empty();
    }
    if (live.getIfPresent(digest) == null) {
      beforeLookUp.run();
    }
    Optional<Principal> found = lookUp.apply(token);
    if (found.isPresent()) {
      live.put(digest, true);
    } else {
      live.invalidate(digest);
      dead.put(digest, true);
    }
    return found;
  }
}
