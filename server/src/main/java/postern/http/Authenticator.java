package postern.http;

import java.util.Optional;
import postern.core.Principal;
import postern.core.UserId;

/** Finds out who is calling. */
public interface Authenticator {
  /**
   * The caller.
   *
   * @param access what the route asks for; any but {@code PUBLIC}
   * @throws postern.core.ApiException if the request shows nobody who may call
   */
  Principal authenticate(Credentials given, Access access);

  /** The user that a request says it is from, whether that is true or not. */
  Optional<UserId> claimedOwner(Credentials given);
}
