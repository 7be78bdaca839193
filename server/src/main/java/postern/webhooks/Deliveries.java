package postern.webhooks;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import postern.core.ApiException;
import postern.core.ErrorCode;
import postern.core.EventId;
import postern.core.PayloadId;
import postern.core.Principal;
import postern.core.UserId;
import postern.core.WebhookId;
import postern.events.EventSink;
import postern.events.Events;
import postern.events.NumberedEvent;
import postern.events.Progress;
import postern.sql.Database;
import postern.sql.Page;
import postern.sql.Tx;

/**
 * What is to be delivered, and what was: makes the deliveries of new events, and has others sent
 * again. Safe for many threads.
 */
public final class Deliveries implements EventSink, Events.Deliveries {
  private static final int PAYLOADS_MAX = 100;
  private static final int PURGE_BATCH_SIZE = 1_000;

  private final Database database;
  private final Runnable wake;
  private final Duration retention;

  /**
   * Makes them.
   *
   * @param wake has the loop look for deliveries
   * @param retention how long what was delivered is kept
   */
  public Deliveries(Database database, Runnable wake, Duration retention) {
    this.database = database;
    this.wake = wake;
    this.retention = retention;
  }

  @Override
  public void take(Tx tx, List<NumberedEvent> events) {
    if (DeliveryStore.fanOut(tx, events) > 0) {
      tx.afterCommit(wake);
    }
  }

  @Override
  public Map<EventId, Progress> of(Tx tx, UserId root, List<EventId> events) {
    return DeliveryStore.progress(tx, root, events);
  }

  /**
   * Sends an event again to every enabled webhook that it concerns; how many those are.
   *
   * @throws ApiException.Refused with {@code NOT_FOUND} if the caller cannot see it
   * @throws ApiException.RetryLater if it was sent again three times within a minute, or the family
   *     has had its share of deliveries
   */
  public int again(Principal caller, EventId id) {
    int count =
        database.write(
            tx -> {
              int made = DeliveryStore.again(tx, Events.find(tx, caller, id));
              Replays.count(tx, caller.root(), id.uuid(), made);
              return made;
            });
    wake.run();
    return count;
  }

  /**
   * Sends a webhook what it has missed since a moment; how many events those are.
   *
   * @throws ApiException.Refused with {@code NOT_FOUND} if the webhook is not the caller's
   * @throws ApiException.Invalid if it is disabled
   * @throws ApiException.RetryLater if it was asked for three times within a minute, or the family
   *     has had its share of deliveries
   */
  public int replay(Principal caller, WebhookId id, Instant since) {
    int count =
        database.write(
            tx -> {
              Webhook webhook = WriteWebhook.require(tx, caller, id);
              if (webhook.disabledAt() != null) {
                throw new ApiException.Invalid(
                    ErrorCode.PARAMETER_INVALID,
                    "id",
                    "the webhook is disabled: enable it by an update first");
              }
              int made = DeliveryStore.replay(tx, webhook, since);
              Replays.count(tx, caller.root(), id.uuid(), made);
              return made;
            });
    wake.run();
    return count;
  }

  /**
   * The attempts to deliver an event, oldest first, a hundred at the most.
   *
   * @param after the id that all must be above
   * @throws ApiException.Refused with {@code NOT_FOUND} if the caller cannot see the event
   */
  public Page<Payload> payloads(Principal caller, EventId id, UUID after) {
    return database.read(
        tx ->
            PayloadStore.list(
                tx, caller.root(), Events.find(tx, caller, id).id(), after, PAYLOADS_MAX));
  }

  /**
   * One attempt.
   *
   * @throws ApiException.Refused with {@code PAYLOAD_NOT_FOUND} if there is none, or {@code
   *     NOT_FOUND} if the caller cannot see the event
   */
  public Payload payload(Principal caller, EventId event, PayloadId id) {
    return database.read(
        tx ->
            PayloadStore.find(tx, caller.root(), Events.find(tx, caller, event).id(), id)
                .orElseThrow(() -> new ApiException.Refused(ErrorCode.PAYLOAD_NOT_FOUND)));
  }

  /**
   * Attempts at one endpoint, the newest first.
   *
   * @param before the id that all must be below
   * @throws ApiException.Refused with {@code NOT_FOUND} if the webhook is not the caller's
   */
  public List<Attempt> attempts(Principal caller, WebhookId id, UUID before, int size) {
    return database.read(
        tx ->
            PayloadStore.ofWebhook(
                tx, caller.root(), WriteWebhook.require(tx, caller, id).id(), before, size));
  }

  /** Purges what has been kept long enough; how many rows that were. */
  public int purge() {
    return database.writeInBatches(
        PURGE_BATCH_SIZE,
        tx ->
            DeliveryStore.purge(tx, tx.now().minus(retention), PURGE_BATCH_SIZE)
                + Replays.purge(tx, PURGE_BATCH_SIZE));
  }
}
