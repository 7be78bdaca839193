package postern.http;

import java.util.Optional;
import postern.core.Principal;
import postern.core.UserId;

/** Finds out who is calling. */
public interface Authenticator {
  /**
   * The caller that an {@code Authorization} header names.
   *
   * @param authorization the header's value; empty where the request has none
   * @throws postern.core.ApiException if it names nobody who may call
   */
  Principal authenticate(Optional<String> authorization);

  /** The user that the header says it is from, whether that is true or not. */
  Optional<UserId> claimedOwner(Optional<String> authorization);
}
