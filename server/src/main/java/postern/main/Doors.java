package postern.main;

import java.util.Optional;
import postern.core.Principal;
import postern.http.Access;
import postern.http.Authenticator;
import postern.http.Credentials;
import postern.keys.KeyFilter;
import postern.people.SessionFilter;

/** The ways in: a key for the API, a session for pages, and a session of a page for the API. */
record Doors(KeyFilter keys, SessionFilter sessions) implements Authenticator {
  @Override
  public Principal authenticate(Credentials given, Access access, Runnable beforeLookUp) {
    if (access == Access.SESSION) {
      return sessions.authenticate(given, beforeLookUp);
    }
    Optional<String> authorization = given.authorization();
    return authorization.isEmpty() && sessions.hasCookie(given)
        ? sessions.authenticateApi(given, beforeLookUp)
        : keys.authenticate(authorization, beforeLookUp);
  }
}
