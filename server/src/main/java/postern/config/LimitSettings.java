package postern.config;

import java.time.Duration;
import java.util.List;
import postern.core.Rate;

/** The settings of the limits on requests. */
public final class LimitSettings {
  public static final Setting<String> MODE =
      Setting.oneOf(
          "limits.mode",
          List.of("standard", "original", "off"),
          "standard limits requests and says so in RateLimit headers, original leaves the headers"
              + " out as EasyPost does, off limits nothing.");
  public static final Setting<String> REDIS_URL =
      Setting.secret(
          "limits.redis-url",
          "Redis that counts for all nodes, such as redis://:password@host:6379/0; by default each"
              + " node counts for itself.");
  public static final Setting<Rate> KEY =
      Setting.rate("limits.key", "1000/s burst 2000", "Requests with one API key or session.");
  public static final Setting<Rate> FAMILY =
      Setting.rate("limits.family", "5000/s burst 10000", "Requests of one family.");
  public static final Setting<Rate> READS =
      Setting.rate("limits.reads", "1000/s burst 2000", "Reads of one user, but for lists.");
  public static final Setting<Rate> WRITES =
      Setting.rate("limits.writes", "500/s burst 1000", "Changes by one user.");
  public static final Setting<Rate> INDEX =
      Setting.rate(
          "limits.index",
          "5/s burst 50",
          "Pages of lists that one user reads; EasyPost documents 5 a second.");
  public static final Setting<Rate> SECRETS =
      Setting.rate(
          "limits.secrets",
          "10/s burst 50",
          "Requests of one user that show API keys or make them.");
  public static final Setting<Rate> PUBLIC =
      Setting.rate(
          "limits.public", "50/s burst 200", "Requests without credentials of one address.");
  public static final Setting<Rate> LOG_IN =
      Setting.rate("limits.log-in", "20/m burst 20", "Attempts of one address to log in.");
  public static final Setting<Rate> SIGN_UP =
      Setting.rate(
          "limits.sign-up", "10/m burst 10", "Sign-ups and links asked for, of one address.");
  public static final Setting<Rate> FAILED_AUTHENTICATION =
      Setting.rate(
          "limits.failed-authentication",
          "60/m burst 120",
          "Requests of one address whose credentials let nobody in.");
  public static final Setting<Duration> SHED_TARGET_LATENCY =
      Setting.duration(
          "shed.target-latency",
          "10ms",
          "How long work may wait for its turn before new requests are refused with 503.");

  private LimitSettings() {}

  static List<Setting<?>> all() {
    return List.of(
        MODE,
        REDIS_URL,
        KEY,
        FAMILY,
        READS,
        WRITES,
        INDEX,
        SECRETS,
        PUBLIC,
        LOG_IN,
        SIGN_UP,
        FAILED_AUTHENTICATION,
        SHED_TARGET_LATENCY);
  }
}
