package postern.webhooks;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import postern.core.ApiException;
import postern.core.ErrorCode;
import postern.core.FieldError;
import postern.core.Ids;
import postern.core.Principal;
import postern.core.WebhookId;
import postern.crypto.Sealer;
import postern.journal.ChangeLog;
import postern.sql.Database;
import postern.sql.Tx;

/** Creates, changes and deletes webhooks. They belong to the user and the mode of the key. */
public final class WriteWebhook {
  /**
   * A webhook to be.
   *
   * @param includeChildren whether a parent's is told of its children's events too
   */
  public record Create(
      WebhookUrl url,
      Optional<String> secret,
      List<Webhook.Header> customHeaders,
      boolean includeChildren) {}

  /** What to change; what is empty stays as it is. */
  public record Update(
      Optional<String> secret,
      Optional<List<Webhook.Header>> customHeaders,
      Optional<Boolean> includeChildren) {}

  private final Database database;
  private final Secrets secrets;
  private final Ids ids;
  private final ChangeLog log;
  private final int perUserMax;
  private final Duration rotationWindow;

  /**
   * Makes the writes of webhooks.
   *
   * @param perUserMax webhooks that a user may have in each mode
   * @param rotationWindow how long a secret that was replaced is still signed with
   */
  public WriteWebhook(
      Database database,
      Sealer sealer,
      Ids ids,
      ChangeLog log,
      int perUserMax,
      Duration rotationWindow) {
    this.database = database;
    this.secrets = new Secrets(sealer);
    this.ids = ids;
    this.log = log;
    this.perUserMax = perUserMax;
    this.rotationWindow = rotationWindow;
  }

  /**
   * Creates one.
   *
   * @throws ApiException.Invalid if the user has as many as one may have
   */
  public Webhook create(Principal caller, Create command) {
    return database.write(
        tx -> {
          if (WebhookStore.count(tx, caller) >= perUserMax) {
            throw new ApiException.Invalid(
                ErrorCode.LIMIT_REACHED,
                List.of(
                    new FieldError(
                        "webhook", "a user has at most " + perUserMax + ": delete one")));
          }
          Webhook webhook =
              new Webhook(
                  ids.webhook(tx.now()),
                  caller.root(),
                  caller.user(),
                  caller.mode(),
                  command.url().url(),
                  command.customHeaders(),
                  command.includeChildren() && caller.isRoot(),
                  tx.now(),
                  null,
                  null);
          WebhookStore.insert(
              tx,
              webhook,
              secrets.seal(webhook.id(), command.secret()),
              secrets.seal(webhook.id(), command.url().credentials()));
          log.record(
              tx,
              caller.root(),
              List.of(
                  WebhookFacts.change(
                      "webhook.created", webhook, Map.of(), WebhookFacts.of(webhook))));
          return webhook;
        });
  }

  /**
   * Changes one, and enables it.
   *
   * @throws ApiException.Refused with {@code NOT_FOUND} if it is not the caller's
   */
  public Webhook update(Principal caller, WebhookId id, Update command) {
    return database.write(
        tx -> {
          Webhook before = require(WebhookStore.findForUpdate(tx, caller, id));
          Webhook after = WebhookStore.update(tx, with(before, command, caller));
          byte[] sealed = secrets.seal(id, command.secret());
          if (sealed != null) {
            WebhookStore.setSecret(tx, after, sealed, tx.now().plus(rotationWindow));
          }
          log.record(
              tx,
              caller.root(),
              List.of(
                  WebhookFacts.change(
                      "webhook.updated", after, WebhookFacts.of(before), WebhookFacts.of(after))));
          return after;
        });
  }

  private static Webhook with(Webhook webhook, Update command, Principal caller) {
    return new Webhook(
        webhook.id(),
        webhook.root(),
        webhook.user(),
        webhook.mode(),
        webhook.url(),
        command.customHeaders().orElse(webhook.customHeaders()),
        caller.isRoot() && command.includeChildren().orElse(webhook.includeChildren()),
        webhook.createdAt(),
        webhook.disabledAt(),
        webhook.failingSince());
  }

  /**
   * Deletes one, and what waits for it.
   *
   * @throws ApiException.Refused with {@code NOT_FOUND} if it is not the caller's
   */
  public void delete(Principal caller, WebhookId id) {
    database.write(
        tx -> {
          Webhook webhook = require(WebhookStore.findForUpdate(tx, caller, id));
          WebhookStore.delete(tx, webhook);
          log.record(
              tx,
              caller.root(),
              List.of(
                  WebhookFacts.change(
                      "webhook.deleted", webhook, WebhookFacts.of(webhook), Map.of())));
          return id;
        });
  }

  /** All of the caller's, oldest first. */
  public List<Webhook> list(Principal caller) {
    return database.read(tx -> WebhookStore.list(tx, caller));
  }

  /**
   * One of the caller's.
   *
   * @throws ApiException.Refused with {@code NOT_FOUND} if it is not
   */
  public Webhook get(Principal caller, WebhookId id) {
    return database.read(tx -> require(tx, caller, id));
  }

  static Webhook require(Tx tx, Principal caller, WebhookId id) {
    return require(WebhookStore.find(tx, caller, id));
  }

  private static Webhook require(Optional<Webhook> found) {
    return found.orElseThrow(() -> new ApiException.Refused(ErrorCode.NOT_FOUND));
  }
}
