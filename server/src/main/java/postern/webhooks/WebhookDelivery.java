package postern.webhooks;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import postern.core.Ids;
import postern.crypto.Sealer;
import postern.events.EventBody;
import postern.journal.ChangeLog;
import postern.json.Json;
import postern.sql.Database;
import postern.sql.Signal;
import postern.sql.Tx;

/**
 * Sends deliveries that are due: each on a platform thread of its own, bounded in all ({@code
 * atOnceMax}), for each family and for each endpoint. On the virtual threads of the requests, a
 * receiver that sends without a pause would hold a carrier thread that requests wait for. Several
 * servers share the work; what one leaves unsettled, another takes when the lease is over.
 */
public final class WebhookDelivery implements AutoCloseable {
  /**
   * The limits.
   *
   * @param allowsPrivate whether requests may leave for addresses that are not public
   * @param timeout for one exchange
   * @param atOnceMax deliveries under way at once
   * @param perFamilyMax of these, for the webhooks of one family
   * @param perEndpointMax of these, to one endpoint
   * @param userAgent what requests say that they come from
   */
  public record Settings(
      boolean allowsPrivate,
      Duration timeout,
      int atOnceMax,
      int perFamilyMax,
      int perEndpointMax,
      String userAgent) {}

  private static final Logger LOG = System.getLogger(WebhookDelivery.class.getName());
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final Duration STOP_MAX = Duration.ofSeconds(9);
  private static final Duration LEASE_SLACK = Duration.ofSeconds(8);
  private static final int GONE = 410;

  private final Database database;
  private final Secrets secrets;
  private final Ids ids;
  private final ChangeLog log;
  private final RetrySchedule schedule;
  private final Settings settings;
  private final Poster poster;
  private final Signal wake = new Signal();
  private final Shares shares;
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          Thread.ofPlatform().daemon().name("webhook delivery ", 0).factory());
  private volatile boolean closed;
  private volatile @Nullable Thread thread;

  public WebhookDelivery(
      Database database,
      Sealer sealer,
      Ids ids,
      ChangeLog log,
      RandomGenerator random,
      Settings settings) {
    this.database = database;
    this.secrets = new Secrets(sealer);
    this.ids = ids;
    this.log = log;
    this.schedule = new RetrySchedule(random);
    this.settings = settings;
    this.shares = new Shares(settings.atOnceMax(), settings.perEndpointMax());
    this.poster = new Poster(settings.allowsPrivate(), settings.timeout(), settings.atOnceMax());
  }

  /** Begins to send. */
  public void start() {
    thread = Thread.ofVirtual().name("webhook delivery").start(this::loop);
  }

  /** Has it look now: something is due. */
  public void wake() {
    wake.raise();
  }

  private void loop() {
    while (!closed) {
      long seen = wake.count();
      int claimed = 0;
      try {
        claimed = sendDue();
      } catch (RuntimeException e) {
        LOG.log(Level.WARNING, "webhooks wait: " + e.getMessage());
        seen = wake.count();
      }
      if (claimed == 0) {
        wake.await(seen, PAUSE);
      }
    }
  }

  /** Claims what is due and there is room for, and begins to send it; how many those are. */
  private int sendDue() {
    Shares.Free free = shares.free();
    if (free.room() <= 0) {
      return 0;
    }
    List<Delivery> claimed =
        database.write(
            tx ->
                DeliveryStore.claim(
                    tx,
                    free,
                    settings.perEndpointMax(),
                    settings.perFamilyMax(),
                    settings.timeout().plus(LEASE_SLACK)));
    claimed.forEach(this::begin);
    return claimed.size();
  }

  private void begin(Delivery delivery) {
    shares.begin(delivery);
    threads.execute(() -> send(delivery));
  }

  private void send(Delivery delivery) {
    try {
      attempt(delivery);
    } catch (RuntimeException e) {
      // It stays claimed, and is tried again when the lease is over.
      LOG.log(
          Level.WARNING,
          "the outcome of a delivery to " + delivery.webhook() + " was not noted",
          e);
    } finally {
      shares.end(delivery);
      wake.raise();
    }
  }

  private void attempt(Delivery delivery) {
    byte[] body =
        Json.bytes(out -> EventBody.write(out, delivery.event(), List.of(delivery.url())));
    URI url = URI.create(delivery.url());
    Map<String, String> headers = headers(delivery, url, body);
    Poster.Outcome outcome = poster.post(url, headers, body);
    shares.noteAnswer(delivery.webhook(), outcome.isSuccess());
    database.write(
        tx -> {
          tx.execute("set local synchronous_commit = off");
          PayloadStore.insert(tx, delivery, payload(tx, delivery, headers, body, outcome));
          settle(tx, delivery, outcome);
          return delivery;
        });
  }

  private void settle(Tx tx, Delivery delivery, Poster.Outcome outcome) {
    if (outcome.isSuccess()) {
      DeliveryStore.completed(tx, delivery);
      return;
    }
    Instant next =
        schedule.next(
            tx.now(),
            delivery.attempt(),
            Optional.ofNullable(outcome.headers().get("retry-after")));
    Optional<Instant> since = DeliveryStore.failed(tx, delivery, next);
    Instant limit = tx.now().minus(RetrySchedule.TRIED_FOR);
    if (outcome.status() == GONE || since.map(at -> !at.isAfter(limit)).orElse(false)) {
      disable(tx, delivery);
    } else if (!delivery.createdAt().isAfter(limit)) {
      DeliveryStore.giveUp(tx, delivery);
    }
  }

  private void disable(Tx tx, Delivery delivery) {
    WebhookStore.disable(tx, delivery.root(), delivery.webhook())
        .ifPresent(
            webhook -> {
              Map<String, @Nullable Object> before = WebhookFacts.of(webhook);
              before.put("disabled_at", null);
              log.record(
                  tx,
                  delivery.root(),
                  List.of(
                      WebhookFacts.change(
                          "webhook.disabled", webhook, before, WebhookFacts.of(webhook))));
            });
  }

  private Map<String, String> headers(Delivery delivery, URI url, byte[] body) {
    Instant at = database.now();
    List<String> keys = new ArrayList<>();
    Delivery.Sealed sealed = delivery.sealed();
    secrets.open(delivery.webhook(), sealed.secret()).ifPresent(keys::add);
    if (sealed.previousUntil().map(at::isBefore).orElse(false)) {
      secrets.open(delivery.webhook(), sealed.previousSecret()).ifPresent(keys::add);
    }
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("User-Agent", settings.userAgent());
    headers.put("X-Webhook-User-Id", delivery.user().toString());
    headers.putAll(
        Signatures.headers(keys, delivery.event().id().toString(), at, pathOf(url), body));
    delivery.customHeaders().forEach(header -> headers.put(header.name(), header.value()));
    secrets
        .open(delivery.webhook(), sealed.credentials())
        .ifPresent(pair -> headers.put("Authorization", "Basic " + base64(pair)));
    return headers;
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  /** As it stands in the request line. */
  private static String pathOf(URI url) {
    String path = url.getRawPath() == null || url.getRawPath().isEmpty() ? "/" : url.getRawPath();
    return url.getRawQuery() == null ? path : path + "?" + url.getRawQuery();
  }

  private Payload payload(
      Tx tx, Delivery delivery, Map<String, String> headers, byte[] body, Poster.Outcome outcome) {
    Map<String, String> shown = new LinkedHashMap<>(headers);
    shown.computeIfPresent("Authorization", (name, value) -> "********");
    // Custom headers are there to carry the receiver's secrets.
    delivery.customHeaders().forEach(header -> shown.put(header.name(), "********"));
    return new Payload(
        ids.payload(tx.now()),
        delivery.url(),
        Json.text(shown),
        new String(body, StandardCharsets.UTF_8),
        outcome.status() == 0 ? null : outcome.status(),
        Json.text(outcome.headers()),
        outcome.body(),
        (int) outcome.took().toMillis(),
        tx.now());
  }

  /** Claims no more, and lets what is under way end, nine seconds at the most. */
  @Override
  public void close() {
    closed = true;
    wake.raise();
    try {
      Thread running = thread;
      if (running != null) {
        running.join(STOP_MAX);
      }
      shares.awaitNone(STOP_MAX);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    poster.close();
    threads.shutdown();
  }
}
