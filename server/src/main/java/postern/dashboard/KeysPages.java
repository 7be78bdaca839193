package postern.dashboard;

import java.util.List;
import java.util.Optional;
import postern.core.ApiException;
import postern.core.Checks;
import postern.core.ErrorCode;
import postern.core.KeyId;
import postern.core.Mode;
import postern.core.Principal;
import postern.core.UserId;
import postern.http.Access;
import postern.http.Answer;
import postern.http.Call;
import postern.http.Params;
import postern.http.Route;
import postern.http.RouteClass;
import postern.keys.ApiKey;
import postern.keys.RenameKey;

/** API keys: the account's own, and those of one child. */
public final class KeysPages {
  /** What the list shows. */
  public record KeysView(List<KeyRow> keys, Form form) {}

  /**
   * What the page of one key shows.
   *
   * @param text masked, or the key itself
   * @param ownerPath where the owner's keys are
   */
  public record KeyView(
      KeyRow key, String text, boolean isRevealed, String owner, String ownerPath, Form form) {}

  private final Html html;
  private final Parts parts;

  KeysPages(Html html, Parts parts) {
    this.html = html;
    this.parts = parts;
  }

  List<Route> routes() {
    return List.of(
        new Route("GET", "/keys", Access.SESSION, call -> list(200, call, Form.EMPTY))
            .as(RouteClass.INDEX),
        new Route("POST", "/keys", Access.SESSION, Browser.checked(this::create)),
        new Route("GET", "/keys/{id}", Access.SESSION, call -> one(200, call, false, Form.EMPTY)),
        new Route("POST", "/keys/{id}/reveal", Access.SESSION, Browser.checked(this::reveal))
            .as(RouteClass.SECRET),
        new Route("POST", "/keys/{id}/rename", Access.SESSION, Browser.checked(this::rename)),
        new Route("POST", "/keys/{id}/enable", Access.SESSION, Browser.checked(this::enable)),
        new Route("POST", "/keys/{id}/disable", Access.SESSION, Browser.checked(this::disable)),
        new Route("POST", "/keys/{id}/delete", Access.SESSION, Browser.checked(this::delete)));
  }

  private Answer list(int status, Call call, Form form) {
    Principal caller = call.caller();
    List<KeyRow> keys =
        parts.keys().accountKeys().of(caller, caller.root()).stream().map(KeyRow::of).toList();
    return html.page(status, call, "/keys", "API keys", "keys", new KeysView(keys, form));
  }

  private Answer create(Call call) {
    return create(parts, call, call.caller().root(), (status, form) -> list(status, call, form));
  }

  /** Makes a key for the account itself, or for one of its children. */
  static Answer create(Parts parts, Call call, UserId owner, Forms.Again again) {
    return Forms.submit(
        call,
        List.of("name", "mode"),
        () -> {
          Params given = call.params();
          Checks checks = new Checks();
          Optional<String> name = nameIn(checks, given);
          Optional<Mode> mode = Mode.parse(String.valueOf(given.get("mode")));
          if (mode.isEmpty()) {
            checks.invalid("mode", "must be test or production");
          }
          checks.throwIfAny();
          ApiKey key =
              parts.keys().issueKey().run(call.caller().root(), owner, mode.orElseThrow(), name);
          return Browser.goTo(Notice.KEY_CREATED.at("/keys/" + key.id()));
        },
        again);
  }

  private static Optional<String> nameIn(Checks checks, Params given) {
    return checks.text("name", given.get("name"), RenameKey.NAME_LENGTH_MAX);
  }

  private Answer one(int status, Call call, boolean isRevealed, Form form) {
    Principal caller = call.caller();
    ApiKey key = parts.keys().accountKeys().get(caller, idIn(call));
    boolean isOwn = key.user().equals(caller.root());
    KeyView view =
        new KeyView(
            KeyRow.of(key),
            isRevealed ? key.text() : Shown.masked(key.text()),
            isRevealed,
            isOwn ? "this account" : parts.accounts().users().get(caller, key.user()).user().name(),
            isOwn ? "/keys" : "/children/" + key.user(),
            form);
    return html.page(status, call, "/keys", "API key", "key", view);
  }

  private Answer reveal(Call call) {
    return LogInPages.confirmed(
        parts, call, "/keys/" + idIn(call), () -> one(200, call, true, Form.EMPTY));
  }

  private Answer rename(Call call) {
    return Forms.submit(
        call,
        List.of("name"),
        () -> {
          Checks checks = new Checks();
          Optional<String> name = nameIn(checks, call.params());
          checks.throwIfAny();
          parts.keys().renameKey().run(call.caller(), idIn(call), name);
          return Browser.goTo(Notice.KEY_RENAMED.at("/keys/" + idIn(call)));
        },
        (status, form) -> one(status, call, false, form));
  }

  private Answer enable(Call call) {
    parts.keys().switchKey().run(call.caller(), idIn(call), true);
    return Browser.goTo(Notice.KEY_ENABLED.at("/keys/" + idIn(call)));
  }

  private Answer disable(Call call) {
    parts.keys().switchKey().run(call.caller(), idIn(call), false);
    return Browser.goTo(Notice.KEY_DISABLED.at("/keys/" + idIn(call)));
  }

  private Answer delete(Call call) {
    Principal caller = call.caller();
    ApiKey key = parts.keys().accountKeys().get(caller, idIn(call));
    parts.keys().deleteKey().run(caller, key.id());
    return Browser.goTo(
        Notice.KEY_DELETED.at(
            key.user().equals(caller.root()) ? "/keys" : "/children/" + key.user()));
  }

  private static KeyId idIn(Call call) {
    return KeyId.parse(call.id()).orElseThrow(KeysPages::notFound);
  }

  private static ApiException notFound() {
    return new ApiException.Refused(ErrorCode.NOT_FOUND);
  }
}
