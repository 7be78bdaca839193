package postern.dashboard;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import postern.billing.Wallet;
import postern.core.Mode;
import postern.core.Principal;
import postern.events.EventQuery;
import postern.http.Access;
import postern.http.Answer;
import postern.http.Call;
import postern.http.Route;
import postern.http.RouteClass;
import postern.keys.ApiKey;
import postern.webhooks.Webhook;

/** The first page after the log-in: how things stand, and what needs attention. */
public final class OverviewPage {
  /**
   * What it shows.
   *
   * @param children how many there are, in words
   */
  public record OverviewView(
      String account,
      String id,
      String balance,
      String children,
      List<KeyRow> keys,
      List<EventRow> events,
      List<Attention> attentions) {}

  /** Something that needs attention, and where to do something about it. */
  public record Attention(String text, String path, String action) {}

  private static final int CHILDREN_COUNTED_MAX = 10_000;
  private static final int EVENTS_SHOWN = 8;
  private static final Duration UNUSED_AFTER = Duration.ofDays(90);

  private final Html html;
  private final Parts parts;

  OverviewPage(Html html, Parts parts) {
    this.html = html;
    this.parts = parts;
  }

  List<Route> routes() {
    return List.of(
        new Route("GET", "/", Access.PUBLIC, call -> Browser.goTo("/overview")),
        new Route("GET", "/overview", Access.SESSION, this::overview).as(RouteClass.INDEX));
  }

  private Answer overview(Call call) {
    Principal caller = call.caller();
    var account = parts.accounts().users().get(caller, caller.root());
    List<ApiKey> keys = parts.keys().accountKeys().of(caller, caller.root());
    List<EventRow> events =
        parts.events().events().list(caller, lastEvents()).rows().stream()
            .map(tracked -> EventRow.of(tracked.event()))
            .toList();
    OverviewView view =
        new OverviewView(
            account.user().name(),
            account.user().id().toString(),
            Shown.dollars(account.wallet().map(Wallet::balanceMicros).orElse(0L)),
            inWords(parts.accounts().users().countChildren(caller, CHILDREN_COUNTED_MAX)),
            keys.stream().map(KeyRow::of).toList(),
            events,
            attentions(caller, keys, account.wallet()));
    return html.page(call, "/overview", "Overview", "overview", view);
  }

  private static EventQuery lastEvents() {
    return new EventQuery(
        EventQuery.FIRST,
        EventQuery.LAST,
        false,
        Optional.empty(),
        Optional.empty(),
        true,
        EVENTS_SHOWN);
  }

  private static String inWords(int children) {
    return children > CHILDREN_COUNTED_MAX
        ? "more than " + String.format(java.util.Locale.ROOT, "%,d", CHILDREN_COUNTED_MAX)
        : String.format(java.util.Locale.ROOT, "%,d", children);
  }

  private List<Attention> attentions(Principal caller, List<ApiKey> keys, Optional<Wallet> wallet) {
    List<Attention> found = new ArrayList<>();
    if (!parts.people().sessions().personOf(caller).isVerified()) {
      found.add(
          new Attention("Your e-mail address is not confirmed yet.", "/profile", "Confirm it"));
    }
    wallet
        .map(Wallet::rechargePausedUntil)
        .ifPresent(
            until ->
                found.add(
                    new Attention(
                        "The last recharge of the wallet failed. The next one is tried after "
                            + Shown.time(until)
                            + ".",
                        "/billing",
                        "Check the payment method")));
    Stream.of(Mode.PRODUCTION, Mode.TEST)
        .flatMap(mode -> parts.events().webhooks().list(caller.in(mode)).stream())
        .forEach(webhook -> attentionOf(webhook).ifPresent(found::add));
    keys.stream().flatMap(key -> attentionOf(key).stream()).forEach(found::add);
    return found;
  }

  private static Optional<Attention> attentionOf(Webhook webhook) {
    String path = "/webhooks/" + webhook.id() + "?mode=" + webhook.mode().wireName();
    if (webhook.disabledAt() != null) {
      return Optional.of(
          new Attention(
              "The webhook " + webhook.url() + " is disabled and misses events.",
              path,
              "Enable it"));
    }
    return Optional.ofNullable(webhook.failingSince())
        .map(
            since ->
                new Attention(
                    "The webhook "
                        + webhook.url()
                        + " has taken nothing since "
                        + Shown.time(since)
                        + ".",
                    path,
                    "Look at the attempts"));
  }

  private Optional<Attention> attentionOf(ApiKey key) {
    Instant last = key.lastUsedAt() == null ? key.createdAt() : key.lastUsedAt();
    boolean isUnused =
        key.active() && last.plus(UNUSED_AFTER).isBefore(parts.setup().clock().instant());
    return isUnused
        ? Optional.of(
            new Attention(
                Shown.mode(key.mode())
                    + " key "
                    + Shown.masked(key.text())
                    + " was not used for 90 days.",
                "/keys/" + key.id(),
                "Disable or delete it"))
        : Optional.empty();
  }
}
