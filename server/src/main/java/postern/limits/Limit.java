package postern.limits;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import postern.config.LimitSettings;
import postern.config.Setting;
import postern.core.Rate;

/** Every limit on how often something may be done. {@code docs/operations.md} holds this table. */
@SuppressWarnings("ImmutableEnumChecker") // A setting is a constant, though it holds a function.
public enum Limit {
  KEY(
      Counted.BY_KEY,
      LimitSettings.KEY,
      Outage.OPEN,
      "Requests with one API key, or in one session"),
  FAMILY(
      Counted.BY_FAMILY,
      LimitSettings.FAMILY,
      Outage.OPEN,
      "Requests of a top-level user and all its children together"),
  READS(Counted.BY_USER, LimitSettings.READS, Outage.OPEN, "Reads of one thing"),
  WRITES(Counted.BY_USER, LimitSettings.WRITES, Outage.OPEN, "Changes"),
  INDEX(Counted.BY_USER, LimitSettings.INDEX, Outage.OPEN, "Pages of lists"),
  SECRETS(
      Counted.BY_USER, LimitSettings.SECRETS, Outage.CLOSED, "What shows API keys or makes them"),
  PUBLIC(Counted.BY_ADDRESS, LimitSettings.PUBLIC, Outage.OPEN, "Requests without credentials"),
  LOG_IN(Counted.BY_ADDRESS, LimitSettings.LOG_IN, Outage.CLOSED, "Attempts to log in"),
  SIGN_UP(
      Counted.BY_ADDRESS,
      LimitSettings.SIGN_UP,
      Outage.CLOSED,
      "Sign-ups, invitations accepted, and links asked for by mail"),
  FAILED_AUTHENTICATION(
      Counted.BY_ADDRESS,
      LimitSettings.FAILED_AUTHENTICATION,
      Outage.OPEN,
      "Requests with credentials that let nobody in");

  /** What is counted together. */
  public enum Counted {
    BY_KEY("API key or session"),
    BY_USER("user"),
    BY_FAMILY("family"),
    BY_ADDRESS("network address");

    private final String words;

    Counted(String words) {
      this.words = words;
    }

    /** What one says for it. */
    public String words() {
      return words;
    }
  }

  /** What becomes of a request while the Redis that counts for all nodes is out of reach. */
  public enum Outage {
    /** Each node counts for itself. */
    OPEN,
    /** It is refused with 503. */
    CLOSED
  }

  private final Counted counted;
  private final Setting<Rate> setting;
  private final Outage outage;
  private final String description;
  private final String wireName = name().toLowerCase(Locale.ROOT).replace('_', '-');

  Limit(Counted counted, Setting<Rate> setting, Outage outage, String description) {
    this.counted = counted;
    this.setting = setting;
    this.outage = outage;
    this.description = description;
  }

  /** The limit of a name. */
  public static Optional<Limit> parse(String name) {
    return Arrays.stream(values()).filter(limit -> limit.wireName().equals(name)).findFirst();
  }

  /** Those that can be set for an account: the others are of no account. */
  public static List<Limit> ofAccounts() {
    return Arrays.stream(values()).filter(limit -> limit.counted != Counted.BY_ADDRESS).toList();
  }

  /** Its name: the policy in the headers, and the word in commands. */
  public String wireName() {
    return wireName;
  }

  public Counted counted() {
    return counted;
  }

  /** What sets it for everybody. */
  public Setting<Rate> setting() {
    return setting;
  }

  public Outage outage() {
    return outage;
  }

  /** What it counts. */
  public String description() {
    return description;
  }
}
