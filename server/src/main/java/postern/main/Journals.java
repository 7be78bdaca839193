package postern.main;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.random.RandomGenerator;
import postern.audit.AuditChain;
import postern.audit.AuditLog;
import postern.audit.AuditTrail;
import postern.audit.Refusals;
import postern.config.Config;
import postern.config.Settings;
import postern.core.ErrorCode;
import postern.core.Ids;
import postern.core.UserId;
import postern.crypto.Sealer;
import postern.crypto.Signer;
import postern.events.EventFeed;
import postern.events.EventJournal;
import postern.events.EventNumbering;
import postern.events.Events;
import postern.events.InjectEvent;
import postern.events.PurgeEvents;
import postern.journal.ChangeLog;
import postern.sql.Database;
import postern.webhooks.Deliveries;
import postern.webhooks.WebhookDelivery;
import postern.webhooks.WriteWebhook;

/** Everything that is told of what happens. */
final class Journals implements AutoCloseable {
  final ChangeLog changes;
  final EventNumbering numbering;
  final Events events;
  final EventFeed feed;
  final InjectEvent injectEvent;
  final PurgeEvents purgeEvents;
  final WriteWebhook webhooks;
  final Deliveries deliveries;
  final WebhookDelivery delivery;
  final Signer signer;
  final AuditChain chain;
  final Refusals refusals;
  final AuditLog auditLog;

  Journals(
      Config config,
      Path dataDir,
      Database database,
      Sealer sealer,
      Ids ids,
      RandomGenerator random) {
    signer = Signer.open(dataDir);
    chain = new AuditChain(database, signer);
    AuditTrail trail = new AuditTrail(ids, chain);
    refusals =
        new Refusals(
            database,
            ids,
            config.get(Settings.AUDIT_REFUSALS_RETENTION),
            config.get(Settings.AUDIT_REFUSALS_QUEUED_MAX));
    auditLog = new AuditLog(database);

    // The two know each other: what was delivered in vain becomes an event.
    deliveries = new Deliveries(database, this::wakeDelivery, config.get(Settings.EVENT_RETENTION));
    numbering = new EventNumbering(database, List.of(deliveries));
    EventJournal journal = new EventJournal(ids, numbering);
    changes =
        (tx, entries) -> {
          journal.append(tx, entries);
          trail.record(tx, entries);
        };
    events = new Events(database, deliveries);
    feed = new EventFeed(database, numbering);
    injectEvent = new InjectEvent(database, journal);
    purgeEvents = new PurgeEvents(database, config.get(Settings.EVENT_RETENTION));

    webhooks =
        new WriteWebhook(
            database,
            sealer,
            ids,
            changes,
            config.get(Settings.WEBHOOKS_PER_USER_MAX),
            config.get(Settings.WEBHOOKS_ROTATION_WINDOW));
    delivery = new WebhookDelivery(database, sealer, ids, changes, random, deliveryIn(config));
  }

  /** Begins to hand on what happened. */
  void start() {
    numbering.start();
    delivery.start();
    chain.start();
  }

  /** Writes down that a log-in failed, with the account that it was tried on. */
  void logInRefused(Instant at, UserId account, String route, ErrorCode code) {
    refusals.add(Refusals.Refusal.onAccount(at, account, route, code.code()));
  }

  private void wakeDelivery() {
    delivery.wake();
  }

  private static WebhookDelivery.Settings deliveryIn(Config config) {
    return new WebhookDelivery.Settings(
        config.get(Settings.WEBHOOKS_ALLOW_PRIVATE),
        config.get(Settings.WEBHOOKS_TIMEOUT),
        config.get(Settings.WEBHOOKS_AT_ONCE_MAX),
        config.get(Settings.WEBHOOKS_PER_FAMILY_MAX),
        config.get(Settings.WEBHOOKS_PER_ENDPOINT_MAX),
        "Postern/" + VersionCommand.version());
  }

  @Override
  public void close() {
    numbering.close();
    delivery.close();
    chain.close();
  }
}
