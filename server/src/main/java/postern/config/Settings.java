package postern.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Every setting there is. {@code docs/operations.md} holds this table, written by a test. */
public final class Settings {
  public static final Setting<String> STORAGE_URL =
      Setting.text(
          "storage.url",
          "",
          "JDBC URL of an external PostgreSQL 15 or newer; by default an embedded one is run.");
  public static final Setting<String> STORAGE_USER =
      Setting.text("storage.user", "", "User name at storage.url.");
  public static final Setting<String> STORAGE_PASSWORD =
      Setting.secret("storage.password", "Password at storage.url.");
  public static final Setting<Optional<Path>> STORAGE_POSTGRES_BIN =
      Setting.path(
          "storage.postgres-bin",
          "Folder of a system's PostgreSQL programs to run instead of the embedded ones.");
  public static final Setting<Integer> POOL_SIZE =
      Setting.integer("storage.pool-size", 12, 2, 500, "Connections to PostgreSQL.");
  public static final Setting<Duration> POOL_WAIT =
      Setting.duration(
          "storage.pool-wait",
          "2s",
          "How long a request waits for a connection to PostgreSQL before it gets a 503.");
  public static final Setting<Duration> STATEMENT_TIMEOUT =
      Setting.duration(
          "storage.statement-timeout", "10s", "After how long a statement is given up.");

  public static final Setting<Duration> RESTORE_WINDOW =
      Setting.duration(
          "accounts.restore-window", "30d", "How long a deleted child can be brought back.");
  public static final Setting<Duration> PURGE_INTERVAL =
      Setting.duration(
          "accounts.purge-interval", "1h", "How often deleted children are looked for to purge.");
  public static final Setting<String> CHILD_PHONE_NUMBER =
      Setting.text(
          "accounts.child-phone-number",
          "8005550100",
          "Phone number of a child that is created without one.");
  public static final Setting<Integer> VIEWS_CACHED_BYTES_MAX =
      Setting.integer(
          "accounts.views-cached-bytes-max",
          16 * 1_024 * 1_024,
          0,
          1_024 * 1_024 * 1_024,
          "Answers to GET of single users, and first pages of children, kept in memory for less than"
              + " a second each; 0 for none.");
  public static final Setting<Integer> CREATES_QUEUED_MAX =
      Setting.integer(
          "accounts.creates-queued-max",
          10_000,
          100,
          1_000_000,
          "Children that wait to be written; more get a 503.");

  public static final Setting<Integer> KEYS_PER_USER_MAX =
      Setting.integer("keys.per-user-max", 100, 2, 10_000, "API keys that one user may have.");
  public static final Setting<Integer> KEYS_CACHED_MAX =
      Setting.integer(
          "keys.cached-max", 100_000, 100, 10_000_000, "Verified API keys kept in memory.");
  public static final Setting<Duration> KEY_USAGE_INTERVAL =
      Setting.duration(
          "keys.usage-interval", "10s", "How often the last use of API keys is written.");

  public static final Setting<Duration> EVENT_RETENTION =
      Setting.duration("events.retention", "30d", "How long events are kept.");

  public static final Setting<Boolean> WEBHOOKS_ALLOW_PRIVATE =
      Setting.flag(
          "webhooks.allow-private-targets",
          false,
          "Whether webhooks may point to private, loopback and link-local addresses.");
  public static final Setting<Duration> WEBHOOKS_TIMEOUT =
      Setting.duration(
          "webhooks.timeout", "7s", "How long a receiver may take to answer a delivery.");
  public static final Setting<Integer> WEBHOOKS_AT_ONCE_MAX =
      Setting.integer(
          "webhooks.at-once-max",
          256,
          1,
          10_000,
          "Deliveries under way at once, each on a thread of its own.");
  public static final Setting<Integer> WEBHOOKS_PER_FAMILY_MAX =
      Setting.integer(
          "webhooks.per-family-max",
          64,
          1,
          10_000,
          "Of these, to the webhooks of one account and its children at the most.");
  public static final Setting<Integer> WEBHOOKS_PER_ENDPOINT_MAX =
      Setting.integer(
          "webhooks.per-endpoint-max", 16, 1, 1_000, "Of these, to one endpoint at the most.");
  public static final Setting<Integer> WEBHOOKS_PER_USER_MAX =
      Setting.integer(
          "webhooks.per-user-max", 30, 1, 1_000, "Webhooks that a user may have in each mode.");
  public static final Setting<Duration> WEBHOOKS_ROTATION_WINDOW =
      Setting.duration(
          "webhooks.secret-rotation-window",
          "24h",
          "How long deliveries are signed with a replaced secret too.");

  public static final Setting<Duration> AUDIT_CHECKPOINT_INTERVAL =
      Setting.duration(
          "audit.checkpoint-interval", "1h", "How often the ends of the audit log are signed.");
  public static final Setting<Duration> AUDIT_REFUSALS_INTERVAL =
      Setting.duration(
          "audit.refusals-interval", "1s", "How often refused requests are written down.");
  public static final Setting<Integer> AUDIT_REFUSALS_QUEUED_MAX =
      Setting.integer(
          "audit.refusals-queued-max",
          10_000,
          100,
          1_000_000,
          "Refused requests that wait to be written down; of more only the number is.");
  public static final Setting<Duration> AUDIT_REFUSALS_RETENTION =
      Setting.duration(
          "audit.refusals-retention",
          "30d",
          "How long refused requests are kept; what was done is kept for good.");

  public static final Setting<String> SIGNUP_MODE =
      Setting.oneOf(
          "signup.mode",
          List.of("closed", "invited", "open"),
          "Who can open an account on the web: nobody, those who are invited, or everybody.");
  public static final Setting<Duration> SESSION_IDLE_MAX =
      Setting.duration(
          "sessions.idle-max", "30m", "After how long without a request a session is over.");
  public static final Setting<Duration> SESSION_AGE_MAX =
      Setting.duration("sessions.age-max", "12h", "After how long a session is over in any case.");
  public static final Setting<Duration> SESSION_CONFIRMED_FOR =
      Setting.duration(
          "sessions.confirmed-for",
          "15m",
          "How long secrets are shown after the password was given.");

  public static final Setting<String> MAIL_URL =
      Setting.secret(
          "mail.url",
          "Mail server, such as smtp://user:password@host:587, smtp+starttls:// or smtps://;"
              + " without it no mail is sent.");
  public static final Setting<String> MAIL_FROM =
      Setting.text("mail.from", "Postern <postern@localhost>", "Sender of mail.");
  public static final Setting<String> MAIL_EHLO_NAME =
      Setting.text(
          "mail.ehlo-name",
          "",
          "Name of this server in EHLO, such as mail.example.com; empty for the machine's name.");
  public static final Setting<Duration> MAIL_TIMEOUT =
      Setting.duration("mail.timeout", "10s", "How long each step of the mail server may take.");
  public static final Setting<Boolean> MAIL_CAPTURE =
      Setting.flag(
          "mail.capture",
          false,
          "Whether mail is kept and shown to everybody under /dev/mail instead of being sent: for"
              + " development only.");

  public static final Setting<String> BRAND_NAME =
      Setting.text("brand.name", "Postern", "Name of a brand that its user has not set.");
  public static final Setting<String> BRAND_LOGO =
      Setting.text(
          "brand.logo", "", "Logo of a brand that its user has not set; by default this server's.");
  public static final Setting<String> BRAND_LOGO_HREF =
      Setting.text(
          "brand.logo-href",
          "",
          "Link of a logo that its user has not set; by default http.public-url.");

  private Settings() {}

  /** All of them, in the order of the documents. */
  public static List<Setting<?>> all() {
    return Stream.of(HttpSettings.all(), own(), LimitSettings.all(), BillingSettings.all())
        .flatMap(List::stream)
        .toList();
  }

  private static List<Setting<?>> own() {
    return List.of(
        STORAGE_URL,
        STORAGE_USER,
        STORAGE_PASSWORD,
        STORAGE_POSTGRES_BIN,
        POOL_SIZE,
        POOL_WAIT,
        STATEMENT_TIMEOUT,
        RESTORE_WINDOW,
        PURGE_INTERVAL,
        CHILD_PHONE_NUMBER,
        VIEWS_CACHED_BYTES_MAX,
        CREATES_QUEUED_MAX,
        KEYS_PER_USER_MAX,
        KEYS_CACHED_MAX,
        KEY_USAGE_INTERVAL,
        EVENT_RETENTION,
        WEBHOOKS_ALLOW_PRIVATE,
        WEBHOOKS_TIMEOUT,
        WEBHOOKS_AT_ONCE_MAX,
        WEBHOOKS_PER_FAMILY_MAX,
        WEBHOOKS_PER_ENDPOINT_MAX,
        WEBHOOKS_PER_USER_MAX,
        WEBHOOKS_ROTATION_WINDOW,
        AUDIT_CHECKPOINT_INTERVAL,
        AUDIT_REFUSALS_INTERVAL,
        AUDIT_REFUSALS_QUEUED_MAX,
        AUDIT_REFUSALS_RETENTION,
        SIGNUP_MODE,
        SESSION_IDLE_MAX,
        SESSION_AGE_MAX,
        SESSION_CONFIRMED_FOR,
        MAIL_URL,
        MAIL_FROM,
        MAIL_EHLO_NAME,
        MAIL_TIMEOUT,
        MAIL_CAPTURE,
        BRAND_NAME,
        BRAND_LOGO,
        BRAND_LOGO_HREF);
  }
}
