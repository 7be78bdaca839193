package postern.limits;

import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import postern.config.Config;
import postern.config.LimitSettings;
import postern.core.Credential;
import postern.core.IpAddresses;
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
  private final Map<RouteClass, Plan> ofCallers = new EnumMap<>(RouteClass.class);
  private final Map<RouteClass, Plan> ofOthers = new EnumMap<>(RouteClass.class);
  private final Plan ofStrangers;
  private final boolean isSilent;
  private final AccountLimits accounts;
  private final Buckets buckets;

  /**
   * The limits that a request counts against, and what its answer says of them. It is the same for
   * all requests of a kind but those of accounts with limits of their own, so it is kept.
   */
  private record Plan(List<Limit> limits, List<Rate> rates, String policies) {
    static Plan of(List<Limit> limits, Function<Limit, Rate> rateOf) {
      List<Rate> rates = limits.stream().map(rateOf).toList();
      StringBuilder policies = new StringBuilder(96);
      for (int i = 0; i < rates.size(); i++) {
        policies.append(i == 0 ? "\"" : ", \"").append(limits.get(i).wireName());
        policies.append("\";q=").append(rates.get(i).burst());
        policies.append(";w=").append(rates.get(i).wholeAgainSeconds());
      }
      return new Plan(limits, rates, policies.toString());
    }
  }

  private RateLimits(Config config, AccountLimits accounts, Buckets buckets) {
    for (Limit limit : Limit.values()) {
      rates.put(limit, config.get(limit.setting()));
    }
    for (RouteClass kind : RouteClass.values()) {
      ofCallers.put(kind, Plan.of(limitsOfCallers(kind), this::rateOf));
      ofOthers.put(kind, Plan.of(limitsOfOthers(kind), this::rateOf));
    }
    this.ofStrangers = Plan.of(List.of(Limit.FAILED_AUTHENTICATION), this::rateOf);
    this.isSilent = config.get(LimitSettings.MODE).equals("original");
    this.accounts = accounts;
    this.buckets = buckets;
  }

  private static List<Limit> limitsOfCallers(RouteClass kind) {
    Limit own =
        switch (kind) {
          case READ, FEED -> Limit.READS;
          case WRITE -> Limit.WRITES;
          case INDEX -> Limit.INDEX;
          case SECRET -> Limit.SECRETS;
          case LOG_IN -> Limit.LOG_IN;
          case SIGN_UP -> Limit.SIGN_UP;
        };
    return List.of(Limit.KEY, Limit.FAMILY, own);
  }

  private static List<Limit> limitsOfOthers(RouteClass kind) {
    return switch (kind) {
      case LOG_IN -> List.of(Limit.LOG_IN);
      case SIGN_UP -> List.of(Limit.SIGN_UP);
      case READ, WRITE, INDEX, FEED, SECRET -> List.of(Limit.PUBLIC);
    };
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
    if (caller.isEmpty()) {
      return count(planOf(ofOthers, kind), address);
    }
    Principal known = caller.get();
    Map<Limit, Rate> own = accounts.of(known.root());
    Plan plan =
        own.isEmpty()
            ? planOf(ofCallers, kind)
            : Plan.of(limitsOfCallers(kind), limit -> own.getOrDefault(limit, rateOf(limit)));
    Buckets.Claim[] claims = new Buckets.Claim[plan.limits().size()];
    for (int i = 0; i < claims.length; i++) {
      Limit limit = plan.limits().get(i);
      claims[i] = new Buckets.Claim(limit, subject(limit, known, address), plan.rates().get(i));
    }
    return verdict(plan, List.of(claims));
  }

  private static Object subject(Limit limit, Principal caller, String address) {
    return switch (limit.counted()) {
      case BY_KEY ->
          switch (caller.credential()) {
            case Credential.Key(var id) -> id;
            case Credential.Session session -> session.id();
          };
      case BY_FAMILY -> caller.root();
      case BY_USER -> caller.user();
      case BY_ADDRESS -> IpAddresses.network(address);
    };
  }

  private Verdict count(Plan plan, String address) {
    return verdict(plan, List.of(claim(plan, address)));
  }

  /** That of a plan with one limit, by network address. */
  private static Buckets.Claim claim(Plan plan, String address) {
    return new Buckets.Claim(
        plan.limits().getFirst(), IpAddresses.network(address), plan.rates().getFirst());
  }

  private static Plan planOf(Map<RouteClass, Plan> plans, RouteClass kind) {
    return Objects.requireNonNull(plans.get(kind));
  }

  private Rate rateOf(Limit limit) {
    return Objects.requireNonNull(rates.get(limit));
  }

  @Override
  public Verdict countStranger(String address) {
    return count(ofStrangers, address);
  }

  @Override
  public boolean mayBeStranger(String address, boolean isPage) {
    return buckets.has(claim(isPage ? planOf(ofOthers, RouteClass.READ) : ofStrangers, address));
  }

  private Verdict verdict(Plan plan, List<Buckets.Claim> claims) {
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
        : new Verdict(plan.policies(), state(claims.get(worst), taken.get(worst)), refused);
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
