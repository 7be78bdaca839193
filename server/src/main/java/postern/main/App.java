package postern.main;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import postern.accounts.AccountKeys;
import postern.accounts.Brand;
import postern.accounts.Brands;
import postern.accounts.web.AccountKeysApi;
import postern.accounts.web.BrandApi;
import postern.accounts.web.ChildrenApi;
import postern.accounts.web.ReferralsApi;
import postern.accounts.web.UsersApi;
import postern.audit.web.AuditApi;
import postern.billing.web.PaymentsApi;
import postern.billing.web.WalletApi;
import postern.config.BillingSettings;
import postern.config.Config;
import postern.config.HttpSettings;
import postern.config.LimitSettings;
import postern.config.Settings;
import postern.dashboard.Dashboard;
import postern.events.web.EventsApi;
import postern.http.Guards;
import postern.http.HttpServer;
import postern.http.ListShares;
import postern.http.LoadShedder;
import postern.http.Route;
import postern.http.Routes;
import postern.http.StrictBodies;
import postern.idempotency.IdempotencyKeys;
import postern.jobs.Jobs;
import postern.keys.KeyFilter;
import postern.keys.web.KeysApi;
import postern.people.SessionFilter;
import postern.webhooks.web.WebhooksApi;

/** The server: every route over every service, the jobs beside them, and how it all ends. */
final class App implements AutoCloseable {
  /** Changes are heard of at once; this is for those that were missed. */
  private static final Duration LIMITS_INTERVAL = Duration.ofSeconds(10);

  private static final Duration HEAP_INTERVAL = Duration.ofSeconds(1);

  private final Services services;
  private final Config config;
  private final Jobs jobs = new Jobs();
  private final Routes routes;
  private final LoadShedder shedder;
  private final HttpServer server;

  private App(
      Services services,
      Config config,
      SSLContext tls,
      BooleanSupplier storageRuns,
      InstantSource clock) {
    this.services = services;
    this.config = config;
    this.shedder =
        new LoadShedder(
            config.get(LimitSettings.SHED_TARGET_LATENCY), services.database::longestWaitNanos);
    Metrics metrics = new Metrics(services.database, shedder, services.limits.rates);
    AuditApi auditApi = new AuditApi(services.journals.auditLog);
    WalletApi walletApi = new WalletApi(services.billing.chargeWallet, services.billing.ledger);
    Dashboard dashboard =
        new Dashboard(
            WebSide.parts(services, config, clock),
            new Dashboard.Exports(auditApi::export, walletApi::exportStatement));
    this.routes =
        new Routes(
            Stream.of(routes(services), auditApi.routes(), walletApi.routes(), dashboard.routes())
                .flatMap(List::stream)
                .toList());
    this.server =
        HttpServer.start(
            settingsIn(config),
            Optional.of(tls),
            routes,
            new Routes(new AdminApi(services.database, storageRuns, metrics).routes()),
            dashboard::error,
            new Guards(
                shedder,
                new ListShares(
                    ListShares.Settings.of(
                        Runtime.getRuntime().maxMemory(), config.get(Settings.POOL_SIZE))),
                new Doors(
                    new KeyFilter(services.verifiedKeys, services.keyUsage),
                    new SessionFilter(services.people.sessions)),
                services.limits.limiter(),
                services.idempotencyKeys,
                new Observers(metrics, services.journals.refusals),
                StrictBodies.of(PagesApi.description(), config.get(HttpSettings.STRICT_BODIES))),
            clock);
    services.publicUrl.listensOn(server.httpPort());
    startJobs();
    services.journals.start();
    services.billing.start();
    services.people.start();
  }

  /**
   * Starts the server; it owns the services from then on.
   *
   * @param tls the certificate of the HTTPS port
   * @param storageRuns whether the database's own process is there, as far as that is known
   */
  static App start(
      Services services,
      Config config,
      SSLContext tls,
      BooleanSupplier storageRuns,
      InstantSource clock) {
    return new App(services, config, tls, storageRuns, clock);
  }

  /** The whole API, one line a resource. */
  private List<Route> routes(Services of) {
    Brands brands = new Brands(of.database, of.journals.changes, this::defaultLook);
    AccountKeys accountKeys = new AccountKeys(of.database, of.users, of.keys);
    return Stream.of(
            new UsersApi(
                    of.users,
                    of.userViews,
                    of.createUsers,
                    of.updateUser,
                    of.deleteUser,
                    of.restoreUser)
                .routes(),
            new ChildrenApi(of.users, of.userViews).routes(),
            new BrandApi(brands).routes(),
            new AccountKeysApi(accountKeys, of.issueKey).routes(),
            new KeysApi(of.issueKey, of.switchKey, of.deleteKey).routes(),
            new PaymentsApi(
                    of.billing.paymentMethods, of.billing.fundWallet, of.billing.refundPayments)
                .routes(),
            new ReferralsApi(of.opening.referralCustomers, of.users, of.billing.paymentMethods)
                .routes(),
            new EventsApi(of.journals.events, of.journals.feed, of.journals.injectEvent).routes(),
            new WebhooksApi(of.journals.webhooks, of.journals.deliveries).routes(),
            new PagesApi().routes())
        .flatMap(List::stream)
        .toList();
  }

  private void startJobs() {
    OldGeneration.ofThisProcess()
        .ifPresent(old -> jobs.every(HEAP_INTERVAL, "old generation", old::collectIfGrown));
    jobs.every(IdempotencyKeys.RENEW_EVERY, "idempotency keys", services.idempotencyKeys::renew);
    jobs.every(
        config.get(Settings.PURGE_INTERVAL),
        "purge of idempotency keys",
        services.idempotencyKeys::purge);
    jobs.every(LIMITS_INTERVAL, "account limits", services.limits.ofAccounts::reload);
    jobs.every(config.get(Settings.KEY_USAGE_INTERVAL), "key usage", services.keyUsage::flush);
    jobs.every(config.get(Settings.PURGE_INTERVAL), "purge", services.purgeUsers::run);
    jobs.every(
        config.get(Settings.AUDIT_REFUSALS_INTERVAL),
        "refusals",
        services.journals.refusals::flush);
    jobs.every(
        config.get(Settings.AUDIT_CHECKPOINT_INTERVAL),
        "checkpoints",
        services.journals.chain::sign);
    jobs.every(
        config.get(BillingSettings.LEDGER_CHECK_INTERVAL),
        "ledger check",
        services.billing.ledgerCheck::sinceLastTime);
    jobs.every(config.get(Settings.PURGE_INTERVAL), "purge of sessions", services.people::purge);
    jobs.every(
        config.get(Settings.PURGE_INTERVAL), "purge of events", services.journals.purgeEvents::run);
    jobs.every(
        config.get(Settings.PURGE_INTERVAL),
        "purge of deliveries",
        services.journals.deliveries::purge);
    jobs.every(
        config.get(Settings.PURGE_INTERVAL),
        "purge of refusals",
        services.journals.refusals::purge);
  }

  private Brand.Look defaultLook() {
    String logo = config.get(Settings.BRAND_LOGO);
    String href = config.get(Settings.BRAND_LOGO_HREF);
    return new Brand.Look(
        null,
        null,
        null,
        null,
        logo.isEmpty() ? publicUrl() + "/logo.svg" : logo,
        href.isEmpty() ? publicUrl() : href,
        config.get(Settings.BRAND_NAME),
        "theme1");
  }

  /** Under which URL callers reach this server. */
  String publicUrl() {
    return services.publicUrl.get();
  }

  private static HttpServer.Settings settingsIn(Config config) {
    long memory = Runtime.getRuntime().maxMemory() / 100 * config.get(HttpSettings.MEMORY_PERCENT);
    return new HttpServer.Settings(
        Ports.address(config, HttpSettings.HTTP_BIND),
        Ports.address(config, HttpSettings.ADMIN_BIND),
        config.get(HttpSettings.HTTP_PORT),
        config.get(HttpSettings.HTTPS_PORT),
        config.get(HttpSettings.ADMIN_PORT),
        config.get(HttpSettings.BODY_BYTES_MAX),
        config.get(HttpSettings.HEADER_BYTES_MAX),
        config.get(HttpSettings.TRUSTED_PROXIES),
        config.get(HttpSettings.CONNECTIONS_MAX),
        config.get(HttpSettings.READ_TIMEOUT),
        config.get(HttpSettings.HEAD_TIMEOUT),
        config.get(HttpSettings.BODY_BYTES_PER_SECOND_MIN),
        config.get(HttpSettings.FORM_BYTES_MAX),
        memory,
        memory / 100 * config.get(HttpSettings.MEMORY_SHARE_PERCENT),
        config.get(HttpSettings.CONNECTIONS_PER_ADDRESS_MAX),
        config.get(HttpSettings.DRAIN_TIMEOUT));
  }

  Services services() {
    return services;
  }

  Routes routes() {
    return routes;
  }

  HttpServer server() {
    return server;
  }

  /** Stops taking requests, lets those in flight end, then ends everything else. */
  @Override
  public void close() {
    server.close();
    shedder.close();
    jobs.close();
    services.keyUsage.flush();
    services.journals.refusals.flushAll();
    services.close();
  }
}
