package postern.limits;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import postern.config.Config;
import postern.config.LimitSettings;
import postern.core.Credential;
import postern.core.Principal;
import postern.core.Rate;
import postern.core.UserId;
import postern.http.RateLimiter;
import postern.http.RouteClass;

/**
 * Counts every request against the limits that it has, and says what is left. The headers are those
 * of draft-ietf-httpapi-ratelimit-headers-10: of each limit the burst ({@code q}) and in how many
 * seconds it is whole again ({@code w}); and of the one that is nearest to its end what is left
 * ({@code r}) and in how many seconds there will be more ({@code t}). Safe for many threads.
 */
public final class RateLimits implements RateLimiter, AutoCloseable {
  private static final Duration UNKNOWN_RETRY = Duration.ofSeconds(1);

  private final Map<Limit, Rate> rates = new EnumMap<>(Limit.class);
  private final boolean isSilent;
  private final AccountLimits accounts;
  private final Buckets buckets;

  private RateLimits(Config config, AccountLimits accounts, Buckets buckets) {
    for (Limit limit : Limit.values()) {
      rates.put(limit, config.get(limit.setting()));
    }
    this.isSilent = config.get(LimitSettings.MODE).equals("original");
    this.accounts = accounts;
    this.buckets = buckets;
  }

  /** The limits that are set: counted in Redis where one is named, else in this process. */
  public static RateLimits open(Config config, AccountLimits accounts, InstantSource clock) {
    String redis = config.get(LimitSettings.REDIS_URL);
    LocalBuckets local = new LocalBuckets(clock);
    return new RateLimits(
        config, accounts, redis.isEmpty() ? local : new RedisBuckets(redis, local));
  }

  /** Whether all nodes count together just now. */
  public boolean isShared() {
    return buckets instanceof RedisBuckets redis && redis.isShared();
  }

  /** The rate of a limit for an account, its own or everybody's. */
  public Rate rateFor(UserId root, Limit limit) {
    return accounts.of(root).getOrDefault(limit, rateOf(limit));
  }

  @Override
  public Verdict count(RouteClass kind, Optional<Principal> caller, String address) {
    List<Buckets.Claim> claims = new ArrayList<>(3);
    caller.ifPresent(known -> addThoseOf(known, kind, claims));
    switch (kind) {
      case LOG_IN -> claims.add(claim(Limit.LOG_IN, address));
      case SIGN_UP -> claims.add(claim(Limit.SIGN_UP, address));
      default -> {
        if (caller.isEmpty()) {
          claims.add(claim(Limit.PUBLIC, address));
        }
      }
    }
    return verdict(claims);
  }

  private void addThoseOf(Principal caller, RouteClass kind, List<Buckets.Claim> claims) {
    Map<Limit, Rate> own = accounts.of(caller.root());
    Object key =
        switch (caller.credential()) {
          case Credential.Key(var id) -> id;
          case Credential.Session session -> session.id();
        };
    claims.add(claim(Limit.KEY, key, own));
    claims.add(claim(Limit.FAMILY, caller.root(), own));
    switch (kind) {
      case READ -> claims.add(claim(Limit.READS, caller.user(), own));
      case WRITE -> claims.add(claim(Limit.WRITES, caller.user(), own));
      case INDEX -> claims.add(claim(Limit.INDEX, caller.user(), own));
      case SECRET -> claims.add(claim(Limit.SECRETS, caller.user(), own));
      case LOG_IN, SIGN_UP -> {}
    }
  }

  private Buckets.Claim claim(Limit limit, String address) {
    return claim(limit, Addresses.subject(address), Map.of());
  }

  private Buckets.Claim claim(Limit limit, Object subject, Map<Limit, Rate> own) {
    Rate rate = own.get(limit);
    return new Buckets.Claim(limit, subject, rate == null ? rateOf(limit) : rate);
  }

  private Rate rateOf(Limit limit) {
    return java.util.Objects.requireNonNull(rates.get(limit));
  }

  @Override
  public Verdict countStranger(String address) {
    return verdict(List.of(claim(Limit.FAILED_AUTHENTICATION, address)));
  }

  @Override
  public boolean mayBeStranger(String address) {
    return buckets.has(claim(Limit.FAILED_AUTHENTICATION, address));
  }

  private Verdict verdict(List<Buckets.Claim> claims) {
    List<Buckets.Taken> taken = buckets.take(claims);
    int worst = 0;
    boolean isAnyRefused = false;
    for (int i = 0; i < taken.size(); i++) {
      isAnyRefused |= !taken.get(i).isGranted();
      if (isWorse(claims.get(i), taken.get(i), claims.get(worst), taken.get(worst))) {
        worst = i;
      }
    }
    Optional<Refused> refused =
        isAnyRefused ? Optional.of(refused(claims.get(worst), taken.get(worst))) : Optional.empty();
    return isSilent || refused.filter(r -> r.policy().isEmpty()).isPresent()
        ? new Verdict("", "", refused)
        : new Verdict(policies(claims), state(claims.get(worst), taken.get(worst)), refused);
  }

  /** A refused one before a granted one, then by the part that is left. */
  private static boolean isWorse(
      Buckets.Claim claim, Buckets.Taken taken, Buckets.Claim than, Buckets.Taken thanTaken) {
    if (taken.isGranted() != thanTaken.isGranted()) {
      return !taken.isGranted();
    }
    if (!taken.isGranted()) {
      return taken.waitNanos() > thanTaken.waitNanos();
    }
    return taken.left() * than.rate().burst() < thanTaken.left() * claim.rate().burst();
  }

  private static Refused refused(Buckets.Claim claim, Buckets.Taken taken) {
    return taken.state() == Buckets.Taken.State.UNKNOWN
        ? new Refused("", UNKNOWN_RETRY)
        : new Refused(claim.limit().wireName(), Duration.ofSeconds(seconds(taken)));
  }

  private static String policies(List<Buckets.Claim> claims) {
    StringBuilder text = new StringBuilder(96);
    for (Buckets.Claim claim : claims) {
      text.append(text.isEmpty() ? "\"" : ", \"").append(claim.limit().wireName());
      text.append("\";q=").append(claim.rate().burst());
      text.append(";w=").append(claim.rate().wholeAgainSeconds());
    }
    return text.toString();
  }

  private static String state(Buckets.Claim claim, Buckets.Taken taken) {
    return "\"" + claim.limit().wireName() + "\";r=" + taken.left() + ";t=" + seconds(taken);
  }

  private static long seconds(Buckets.Taken taken) {
    return Math.max(1, Math.ceilDiv(taken.waitNanos(), 1_000_000_000L));
  }

  @Override
  public void close() {
    buckets.close();
  }
}
