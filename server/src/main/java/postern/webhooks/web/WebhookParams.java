package postern.webhooks.web;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import postern.core.ApiException;
import postern.core.Checks;
import postern.core.ErrorCode;
import postern.http.Params;
import postern.webhooks.Signatures;
import postern.webhooks.Webhook;
import postern.webhooks.WebhookUrl;
import postern.webhooks.WriteWebhook;

/** Reads what callers send about webhooks. */
final class WebhookParams {
  private static final int SECRET_LENGTH_MAX = 255;
  private static final int HEADERS_MAX = 3;
  private static final int HEADER_VALUE_LENGTH_MAX = 999;
  private static final String HEADER_NAME = "[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}";
  private static final String HEADER_VALUE = "[\\x20-\\x7e]{0," + HEADER_VALUE_LENGTH_MAX + "}";

  /** What every delivery carries already, and what only the connection may say. */
  private static final Set<String> HEADERS_TAKEN =
      Set.of(
          "authorization",
          "connection",
          "content-encoding",
          "content-length",
          "content-type",
          "cookie",
          "expect",
          "host",
          "keep-alive",
          "proxy-authorization",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade",
          "user-agent",
          "webhook-id",
          "webhook-signature",
          "webhook-timestamp",
          "x-hmac-signature",
          "x-hmac-signature-v2",
          "x-path",
          "x-timestamp",
          "x-webhook-user-id");

  private WebhookParams() {}

  static WriteWebhook.Create create(Params given) {
    Params webhook = given.unwrap("webhook");
    if (isBlank(given, webhook)) {
      throw new ApiException.Invalid(ErrorCode.PARAMETER_REQUIRED, "webhook", "cannot be blank");
    }
    if (!(webhook.get("url") instanceof String text) || text.isBlank()) {
      throw new ApiException.Invalid(
          ErrorCode.WEBHOOK_INVALID, "url", "must be present; must be a string");
    }
    Checks checks = new Checks();
    Optional<String> url = checks.text(webhook.field("url"), text, WebhookUrl.LENGTH_MAX);
    Optional<WebhookUrl> target = url.flatMap(WebhookUrl::parse);
    if (url.isPresent() && target.isEmpty()) {
      checks.invalid(webhook.field("url"), "must be an http or https URL");
    }
    Optional<String> secret = secret(checks, webhook);
    List<Webhook.Header> headers = headers(checks, webhook).orElse(List.of());
    boolean includeChildren = flag(checks, webhook, "include_children").orElse(false);
    checks.throwIfAny();
    return new WriteWebhook.Create(target.orElseThrow(), secret, headers, includeChildren);
  }

  /** A wrapper without anything in it, or nothing at all. */
  private static boolean isBlank(Params given, Params webhook) {
    return given.has("webhook")
        ? given.get("webhook") instanceof Map<?, ?> members ? members.isEmpty() : true
        : !webhook.has("url") && !webhook.has("webhook_secret");
  }

  /** Only flat parameters count: what is wrapped is passed over, as recorded. */
  static WriteWebhook.Update update(Params given) {
    Checks checks = new Checks();
    WriteWebhook.Update update =
        new WriteWebhook.Update(
            secret(checks, given), headers(checks, given), flag(checks, given, "include_children"));
    checks.throwIfAny();
    return update;
  }

  private static Optional<String> secret(Checks checks, Params given) {
    String field = given.field("webhook_secret");
    Optional<String> secret = checks.secret(field, given.get("webhook_secret"), SECRET_LENGTH_MAX);
    secret.flatMap(Signatures::problemOf).ifPresent(problem -> checks.invalid(field, problem));
    return secret;
  }

  private static Optional<Boolean> flag(Checks checks, Params given, String name) {
    Object value = given.get(name);
    if (value == null) {
      return Optional.empty();
    }
    String text = value.toString();
    if (!text.equals("true") && !text.equals("false")) {
      checks.wrongType(given.field(name), "must be true or false");
    }
    return Optional.of(text.equals("true"));
  }

  private static Optional<List<Webhook.Header>> headers(Checks checks, Params given) {
    Object value = given.get("custom_headers");
    String field = given.field("custom_headers");
    if (value == null) {
      return Optional.empty();
    }
    // A form has a list as an object whose members are numbered.
    Object plain = value instanceof Map<?, ?> numbered ? new ArrayList<>(numbered.values()) : value;
    if (!(plain instanceof List<?> list)) {
      checks.wrongType(field, "must be a list of objects with name and value");
      return Optional.empty();
    }
    if (list.size() > HEADERS_MAX) {
      checks.invalid(field, "must be at most " + HEADERS_MAX);
      return Optional.empty();
    }
    List<Webhook.Header> headers = new ArrayList<>();
    list.forEach(each -> header(checks, field, each).ifPresent(headers::add));
    return Optional.of(headers);
  }

  private static Optional<Webhook.Header> header(
      Checks checks, String field, @Nullable Object given) {
    if (!(given instanceof Map<?, ?> members)
        || !(members.get("name") instanceof String name)
        || !(members.get("value") instanceof String value)) {
      checks.wrongType(field, "must be a list of objects with name and value");
      return Optional.empty();
    }
    String lower = name.toLowerCase(Locale.ROOT);
    if (!name.matches(HEADER_NAME) || !value.matches(HEADER_VALUE)) {
      checks.invalid(field, "must be ASCII, and a value shorter than 1000 characters");
      return Optional.empty();
    }
    if (HEADERS_TAKEN.contains(lower) || lower.startsWith("x-easypost-")) {
      checks.invalid(field, "must not be a header that deliveries carry anyway");
      return Optional.empty();
    }
    return Optional.of(new Webhook.Header(name, value));
  }
}
