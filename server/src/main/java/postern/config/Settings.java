package postern.config;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Every setting there is. {@code docs/operations.md} holds this table, written by a test. */
public final class Settings {
  public static final Setting<String> HTTP_BIND =
      Setting.text("http.bind", "127.0.0.1", "Address that the HTTP and HTTPS ports listen on.");
  public static final Setting<Integer> HTTP_PORT =
      Setting.integer("http.port", 8080, 0, 65535, "Port for HTTP; 0 picks a free one.");
  public static final Setting<Integer> HTTPS_PORT =
      Setting.integer("https.port", 8443, 0, 65535, "Port for HTTPS; 0 picks a free one.");
  public static final Setting<String> ADMIN_BIND =
      Setting.text(
          "admin.bind", "127.0.0.1", "Address that the port for health and metrics listens on.");
  public static final Setting<Integer> ADMIN_PORT =
      Setting.integer(
          "admin.port", 8081, 0, 65535, "Port for health and metrics; 0 picks a free one.");
  public static final Setting<String> PUBLIC_URL =
      Setting.text(
          "http.public-url",
          "",
          "URL under which people and callers reach this server, as it stands in mails; by default"
              + " http://localhost and the port.");
  public static final Setting<List<String>> TRUSTED_PROXIES =
      Setting.list(
          "http.trusted-proxies",
          "Addresses of proxies in front of this server, between commas: what they say in"
              + " X-Forwarded-For is believed.");
  public static final Setting<Integer> BODY_BYTES_MAX =
      Setting.integer(
          "http.body-bytes-max", 1_048_576, 1_024, 67_108_864, "Largest request body, in bytes.");
  public static final Setting<Integer> HEADER_BYTES_MAX =
      Setting.integer(
          "http.header-bytes-max", 16_384, 1_024, 1_048_576, "Largest request head, in bytes.");
  public static final Setting<Integer> CONNECTIONS_MAX =
      Setting.integer(
          "http.connections-max",
          10_000,
          1,
          1_000_000,
          "Connections that each port holds at once.");
  public static final Setting<Duration> READ_TIMEOUT =
      Setting.duration(
          "http.read-timeout",
          "75s",
          "How long a connection may be silent, within a request and between two.");
  public static final Setting<Duration> DRAIN_TIMEOUT =
      Setting.duration(
          "http.drain-timeout", "10s", "How long requests in flight may take to end at a stop.");

  public static final Setting<Optional<Path>> TLS_CERTIFICATE =
      Setting.path(
          "tls.certificate",
          "PEM file with the server's certificate and its chain; by default a local CA makes one.");
  public static final Setting<Optional<Path>> TLS_KEY =
      Setting.path("tls.key", "PEM file with the private key of tls.certificate.");
  public static final Setting<List<String>> TLS_NAMES =
      Setting.list(
          "tls.names",
          "More names and addresses for the local CA's certificate, between commas;"
              + " localhost, 127.0.0.1 and ::1 are always in it.");

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
      Setting.integer("webhooks.at-once-max", 256, 1, 10_000, "Deliveries under way at once.");
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

  public static final Setting<Optional<BigDecimal>> PRICE_PER_SHIPMENT =
      Setting.decimal(
          "billing.price-per-shipment", "0.00000", 5, "Dollars per shipment, for new accounts.");
  public static final Setting<Optional<BigDecimal>> CC_FEE_RATE =
      Setting.decimal("billing.cc-fee-rate", "0.03", 4, "Card fee as a rate, for new accounts.");
  public static final Setting<Optional<BigDecimal>> INSURANCE_FEE_RATE =
      Setting.decimal(
          "billing.insurance-fee-rate", "0.01", 4, "Insurance fee as a rate, for new accounts.");
  public static final Setting<Optional<BigDecimal>> INSURANCE_FEE_MINIMUM =
      Setting.decimal(
          "billing.insurance-fee-minimum", "1.00", 2, "Least insurance fee in dollars.");
  public static final Setting<Optional<BigDecimal>> DEFAULT_INSURANCE_AMOUNT =
      Setting.decimal(
          "billing.default-insurance-amount", "", 2, "Dollars insured by default; empty for none.");

  public static final Setting<String> GATEWAY =
      Setting.oneOf(
          "billing.gateway",
          List.of("sandbox", "stripe"),
          "Who moves money: sandbox, which moves none, or stripe.");
  public static final Setting<Duration> GATEWAY_TIMEOUT =
      Setting.duration(
          "billing.gateway-timeout", "30s", "How long a call of the gateway may take.");
  public static final Setting<Integer> PAYMENTS_AT_ONCE_MAX =
      Setting.integer(
          "billing.payments-at-once-max", 32, 1, 1_000, "Payments that are worked on at once.");
  public static final Setting<Optional<BigDecimal>> RECHARGE_MAX =
      Setting.decimal("billing.recharge-max", "10000.00", 2, "Largest recharge, in dollars.");
  public static final Setting<Duration> CHARGE_WAIT =
      Setting.duration(
          "billing.charge-wait", "10s", "How long a charge waits for the recharge that it needs.");
  public static final Setting<Integer> CHARGES_QUEUED_MAX =
      Setting.integer(
          "billing.charges-queued-max",
          10_000,
          100,
          1_000_000,
          "Charges that wait to be written; more get a 503.");
  public static final Setting<Duration> LEDGER_CHECK_INTERVAL =
      Setting.duration(
          "billing.ledger-check-interval",
          "1h",
          "How often what was added to the ledgers is checked.");
  public static final Setting<String> STRIPE_SECRET_KEY =
      Setting.secret("billing.stripe-secret-key", "Secret key of the account at Stripe.");
  public static final Setting<String> STRIPE_PUBLIC_KEY =
      Setting.text(
          "billing.stripe-public-key", "", "Public key of the account at Stripe, for partners.");
  public static final Setting<String> STRIPE_URL =
      Setting.text("billing.stripe-url", "", "Another URL of Stripe's API, to test against.");

  public static final Setting<String> REFERRALS_EMAIL =
      Setting.oneOf(
          "referrals.email",
          List.of("submitted", "synthetic"),
          "Which e-mail address a new referral customer has: the submitted one, or one that is made"
              + " for it.");
  public static final Setting<Optional<BigDecimal>> REFERRALS_CC_FEE_RATE =
      Setting.decimal(
          "referrals.cc-fee-rate", "0.0375", 4, "Card fee as a rate, for new referral customers.");
  public static final Setting<Optional<BigDecimal>> REFERRALS_INSURANCE_FEE_RATE =
      Setting.decimal(
          "referrals.insurance-fee-rate",
          "0.01",
          4,
          "Insurance fee as a rate, for new referral customers.");
  public static final Setting<Optional<BigDecimal>> REFERRALS_INSURANCE_FEE_MINIMUM =
      Setting.decimal(
          "referrals.insurance-fee-minimum",
          "0.50",
          2,
          "Least insurance fee in dollars, for new referral customers.");
  public static final Setting<Optional<BigDecimal>> REFERRALS_DEFAULT_INSURANCE_AMOUNT =
      Setting.decimal(
          "referrals.default-insurance-amount",
          "50.00",
          2,
          "Dollars insured by default, for new referral customers; empty for none.");

  private Settings() {}

  /** All of them, in the order of the documents. */
  public static List<Setting<?>> all() {
    return Stream.of(ofServer(), LimitSettings.all(), ofMoney()).flatMap(List::stream).toList();
  }

  private static List<Setting<?>> ofServer() {
    return List.of(
        HTTP_BIND,
        HTTP_PORT,
        HTTPS_PORT,
        ADMIN_BIND,
        ADMIN_PORT,
        PUBLIC_URL,
        TRUSTED_PROXIES,
        BODY_BYTES_MAX,
        HEADER_BYTES_MAX,
        CONNECTIONS_MAX,
        READ_TIMEOUT,
        DRAIN_TIMEOUT,
        TLS_CERTIFICATE,
        TLS_KEY,
        TLS_NAMES,
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
        WEBHOOKS_PER_ENDPOINT_MAX,
        WEBHOOKS_PER_USER_MAX,
        WEBHOOKS_ROTATION_WINDOW,
        AUDIT_CHECKPOINT_INTERVAL,
        AUDIT_REFUSALS_INTERVAL,
        AUDIT_REFUSALS_QUEUED_MAX,
        SIGNUP_MODE,
        SESSION_IDLE_MAX,
        SESSION_AGE_MAX,
        SESSION_CONFIRMED_FOR,
        MAIL_URL,
        MAIL_FROM,
        MAIL_TIMEOUT,
        MAIL_CAPTURE,
        BRAND_NAME,
        BRAND_LOGO,
        BRAND_LOGO_HREF);
  }

  private static List<Setting<?>> ofMoney() {
    return List.of(
        PRICE_PER_SHIPMENT,
        CC_FEE_RATE,
        INSURANCE_FEE_RATE,
        INSURANCE_FEE_MINIMUM,
        DEFAULT_INSURANCE_AMOUNT,
        GATEWAY,
        GATEWAY_TIMEOUT,
        PAYMENTS_AT_ONCE_MAX,
        RECHARGE_MAX,
        CHARGE_WAIT,
        CHARGES_QUEUED_MAX,
        LEDGER_CHECK_INTERVAL,
        STRIPE_SECRET_KEY,
        STRIPE_PUBLIC_KEY,
        STRIPE_URL,
        REFERRALS_EMAIL,
        REFERRALS_CC_FEE_RATE,
        REFERRALS_INSURANCE_FEE_RATE,
        REFERRALS_INSURANCE_FEE_MINIMUM,
        REFERRALS_DEFAULT_INSURANCE_AMOUNT);
  }
}
