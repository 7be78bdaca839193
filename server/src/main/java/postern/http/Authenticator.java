package postern.http;

import java.util.Optional;
import postern.core.Principal;

/** Finds out who is calling. */
@FunctionalInterface
public interface Authenticator {
  /**
   * The caller that an {@code Authorization} header names.
   *
   * @param authorization the header's value; empty where the request has none
   * @throws postern.core.ApiException if it names nobody who may call
   */
  Principal authenticate(Optional<String> authorization);
}
