package postern.http;

import postern.core.Principal;

/** Finds out who is calling. */
public interface Authenticator {
  /**
   * The caller.
   *
   * @param access what the route asks for; any but {@code PUBLIC}
   * @param beforeLookUp is run before anybody is asked who belongs to credentials that are not
   *     known yet; what it throws ends the request
   * @throws postern.core.ApiException if the request shows nobody who may call
   */
  Principal authenticate(Credentials given, Access access, Runnable beforeLookUp);
}
