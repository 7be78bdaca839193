package postern.dashboard;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import postern.core.ApiException;
import postern.core.Checks;
import postern.core.ErrorCode;
import postern.core.Mode;
import postern.core.PayloadId;
import postern.core.Principal;
import postern.core.WebhookId;
import postern.events.EventQuery;
import postern.http.Access;
import postern.http.Answer;
import postern.http.Call;
import postern.http.Params;
import postern.http.Route;
import postern.http.RouteClass;
import postern.webhooks.Attempt;
import postern.webhooks.Signatures;
import postern.webhooks.Webhook;
import postern.webhooks.WebhookUrl;
import postern.webhooks.WriteWebhook;

/** Webhooks, and how their deliveries went. */
public final class WebhookPages {
  /** What the list shows. */
  public record WebhooksView(List<WebhookRow> webhooks, String mode, Form form) {}

  /**
   * A webhook in the list.
   *
   * @param state {@code enabled}, {@code failing} or {@code disabled}
   */
  public record WebhookRow(
      String id, String url, String state, boolean includeChildren, Instant createdAt) {}

  /**
   * What the page of one shows.
   *
   * @param older where the next part of the attempts is; null at the end
   */
  public record WebhookView(
      WebhookRow webhook, String mode, List<Attempt> attempts, @Nullable String older, Form form) {}

  private static final int ATTEMPTS_SHOWN = 25;
  private static final int SECRET_LENGTH_MAX = 255;

  private final Html html;
  private final Parts parts;

  WebhookPages(Html html, Parts parts) {
    this.html = html;
    this.parts = parts;
  }

  List<Route> routes() {
    Access access = Access.SESSION;
    return List.of(
        new Route("GET", "/webhooks", access, call -> list(200, call, Form.EMPTY))
            .as(RouteClass.INDEX),
        new Route("POST", "/webhooks", access, Browser.checked(this::create)),
        new Route("GET", "/webhooks/{id}", access, call -> one(200, call, Form.EMPTY))
            .as(RouteClass.INDEX),
        new Route("POST", "/webhooks/{id}/change", access, Browser.checked(this::change)),
        new Route("POST", "/webhooks/{id}/replay", access, Browser.checked(this::replay)),
        new Route("POST", "/webhooks/{id}/delete", access, Browser.checked(this::delete)));
  }

  /** The caller in the mode that the page is about. */
  static Principal callerIn(Call call) {
    return call.caller()
        .in(Mode.parse(String.valueOf(call.params().get("mode"))).orElse(Mode.PRODUCTION));
  }

  private Answer list(int status, Call call, Form form) {
    Principal caller = callerIn(call);
    WebhooksView view =
        new WebhooksView(
            parts.events().webhooks().list(caller).stream().map(WebhookPages::row).toList(),
            caller.mode().wireName(),
            form);
    return html.page(status, call, "/webhooks", "Webhooks", "webhooks", view);
  }

  private static WebhookRow row(Webhook webhook) {
    String working = webhook.failingSince() == null ? "enabled" : "failing";
    return new WebhookRow(
        webhook.id().toString(),
        webhook.url(),
        webhook.disabledAt() == null ? working : "disabled",
        webhook.includeChildren(),
        webhook.createdAt());
  }

  private Answer create(Call call) {
    return Forms.submit(
        call,
        List.of("url", "include_children"),
        () -> {
          Params given = call.params();
          Checks checks = new Checks();
          Optional<WebhookUrl> url =
              checks
                  .text("url", given.get("url"), WebhookUrl.LENGTH_MAX)
                  .flatMap(WebhookUrl::parse);
          if (url.isEmpty()) {
            checks.invalid("url", "must be an http or https URL");
          }
          Optional<String> secret = secretIn(checks, given);
          checks.throwIfAny();
          Webhook webhook =
              parts
                  .events()
                  .webhooks()
                  .create(
                      callerIn(call),
                      new WriteWebhook.Create(
                          url.orElseThrow(), secret, List.of(), isOn(given, "include_children")));
          return Browser.goTo(Notice.WEBHOOK_CREATED.at(path(webhook)));
        },
        (status, form) -> list(status, call, form));
  }

  private static Optional<String> secretIn(Checks checks, Params given) {
    Optional<String> secret =
        checks.secret("webhook_secret", given.get("webhook_secret"), SECRET_LENGTH_MAX);
    secret
        .flatMap(Signatures::problemOf)
        .ifPresent(problem -> checks.invalid("webhook_secret", problem));
    return secret;
  }

  private static boolean isOn(Params given, String name) {
    return "on".equals(given.get(name));
  }

  private static String path(Webhook webhook) {
    return "/webhooks/" + webhook.id() + "?mode=" + webhook.mode().wireName();
  }

  private Answer one(int status, Call call, Form form) {
    Principal caller = callerIn(call);
    Webhook webhook = parts.events().webhooks().get(caller, idIn(call));
    UUID before =
        Optional.ofNullable(call.params().get("before"))
            .flatMap(id -> PayloadId.parse(id.toString()))
            .map(PayloadId::uuid)
            .orElse(EventQuery.LAST);
    List<Attempt> found =
        parts.events().deliveries().attempts(caller, webhook.id(), before, ATTEMPTS_SHOWN + 1);
    boolean hasMore = found.size() > ATTEMPTS_SHOWN;
    List<Attempt> shown = hasMore ? found.subList(0, ATTEMPTS_SHOWN) : found;
    Form filled =
        form.isRefused() || !webhook.includeChildren()
            ? form
            : Form.with(Map.of("include_children", "on"));
    WebhookView view =
        new WebhookView(
            row(webhook),
            webhook.mode().wireName(),
            shown,
            hasMore ? path(webhook) + "&before=" + shown.getLast().id() : null,
            filled);
    return html.page(status, call, "/webhooks", "Webhook", "webhook", view);
  }

  /** Any change enables it, as on the API. */
  private Answer change(Call call) {
    return Forms.submit(
        call,
        List.of("include_children"),
        () -> {
          Params given = call.params();
          Checks checks = new Checks();
          Optional<String> secret = secretIn(checks, given);
          checks.throwIfAny();
          Webhook webhook =
              parts
                  .events()
                  .webhooks()
                  .update(
                      callerIn(call),
                      idIn(call),
                      new WriteWebhook.Update(
                          secret, Optional.empty(), Optional.of(isOn(given, "include_children"))));
          return Browser.goTo(Notice.WEBHOOK_CHANGED.at(path(webhook)));
        },
        (status, form) -> one(status, call, form));
  }

  private Answer replay(Call call) {
    return Forms.submit(
        call,
        List.of("since"),
        () -> {
          Checks checks = new Checks();
          Optional<Instant> since = checks.moment("since", withZone(call.params().get("since")));
          if (since.isEmpty()) {
            checks.invalid("since", "must be a date");
          }
          checks.throwIfAny();
          Principal caller = callerIn(call);
          parts.events().deliveries().replay(caller, idIn(call), since.orElseThrow());
          return Browser.goTo(
              Notice.SENT_AGAIN.at(path(parts.events().webhooks().get(caller, idIn(call)))));
        },
        (status, form) -> one(status, call, form));
  }

  /** A browser's field for a date and a time knows no zone: it is meant as UTC. */
  static @Nullable Object withZone(@Nullable Object given) {
    return given instanceof String text
            && text.matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d(:\\d\\d)?")
        ? text + "Z"
        : given instanceof String text && text.isBlank() ? null : given;
  }

  private Answer delete(Call call) {
    Principal caller = callerIn(call);
    parts.events().webhooks().delete(caller, idIn(call));
    return Browser.goTo(Notice.WEBHOOK_DELETED.at("/webhooks?mode=" + caller.mode().wireName()));
  }

  private static WebhookId idIn(Call call) {
    return WebhookId.parse(call.id())
        .orElseThrow(() -> new ApiException.Refused(ErrorCode.NOT_FOUND));
  }
}
