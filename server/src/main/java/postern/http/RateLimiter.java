package postern.http;

import java.time.Duration;
import java.util.Optional;
import postern.core.Principal;

/** Decides whether a request is within its limits. Safe for many threads. */
public interface RateLimiter {
  /**
   * What a request has left.
   *
   * @param policies the value of {@code RateLimit-Policy}; empty to say nothing
   * @param state the value of {@code RateLimit}; empty to say nothing
   * @param refused why the request is not within its limits; empty if it is
   */
  record Verdict(String policies, String state, Optional<Refused> refused) {
    /** For where nothing is limited. */
    public static final Verdict UNLIMITED = new Verdict("", "", Optional.empty());
  }

  /**
   * Why a request is not within its limits.
   *
   * @param policy the name of the limit; empty where it cannot be known whether it is reached
   * @param after when the next request can be within them
   */
  record Refused(String policy, Duration after) {}

  /** Limits nothing. */
  RateLimiter NONE =
      new RateLimiter() {
        @Override
        public Verdict count(RouteClass kind, Optional<Principal> caller, String address) {
          return Verdict.UNLIMITED;
        }

        @Override
        public Verdict countStranger(String address) {
          return Verdict.UNLIMITED;
        }

        @Override
        public boolean mayBeStranger(String address, boolean isPage) {
          return true;
        }
      };

  /**
   * Counts a request, once.
   *
   * @param caller empty on a route that is open to everybody
   * @param address the network address of the caller
   */
  Verdict count(RouteClass kind, Optional<Principal> caller, String address);

  /** Counts a request whose credentials let nobody in. */
  Verdict countStranger(String address);

  /**
   * Whether one more such request of this address would be within the limit. Asked before the
   * database is asked for credentials that are not known.
   *
   * @param isPage whether it asks for a page: without a session that counts as a request without
   *     credentials
   */
  boolean mayBeStranger(String address, boolean isPage);
}
